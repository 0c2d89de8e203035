using System.Text;
using System.Text.Json;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>
/// The folder that a demo writes, claimed for as long as it runs: a new or empty one, or one that an earlier demo marked as its own. No second run
/// takes it meanwhile; a run that is killed gives it up.
/// </summary>
internal sealed class DemoWorkspace : IDisposable
{
    // EWOULDBLOCK: what .NET reports where another process, or this one, holds the lock that FileShare.None is on Linux (flock(2)).
    private const int Locked = 11;

    private readonly FileStream _lock;

    private DemoWorkspace(WorkspaceLayout layout, FileStream @lock) => (Layout, _lock) = (layout, @lock);

    /// <summary>Where things are in it.</summary>
    public WorkspaceLayout Layout { get; }

    /// <summary>Makes the folder ready for a new workspace.</summary>
    /// <exception cref="UsageException">The folder holds something that is not a workspace, or a run that goes on; nothing was touched.</exception>
    public static DemoWorkspace Claim(string folder)
    {
        var layout = new WorkspaceLayout(CommandRunner.PathOf("--out", folder));
        if (File.Exists(layout.Root))
            throw new UsageException($"'{folder}' is a file; choose a folder with --out DIR.");
        string lockFile = Path.Combine(layout.Root, ".lock");
        if (Directory.Exists(layout.Root) && Directory.EnumerateFileSystemEntries(layout.Root).Any(entry => entry != lockFile) && !IsWorkspace(layout))
            throw new UsageException($"'{folder}' is not empty and not a workspace of this program; choose another folder with --out DIR.");
        Directory.CreateDirectory(layout.Root);
        FileStream @lock = Lock(lockFile, folder);
        try
        {
            Empty(layout, lockFile);
            // Whole or not at all: with half of it on a full disk, the folder would be nobody's.
            DurableFile.WriteUnflushed(layout.Marker, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { quantumfedWorkspace = 1 }) + "\n"));
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
        return new DemoWorkspace(layout, @lock);
    }

    /// <summary>Gives the folder up; what is in it stays.</summary>
    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string file, string folder)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException refusal) when (refusal.HResult == Locked)
        {
            throw new UsageException($"'{folder}' is the workspace of a run that goes on; wait for its end, or choose another folder with --out DIR.");
        }
    }

    // The marker goes last, so that a folder whose clearing was interrupted is still known as a workspace.
    private static void Empty(WorkspaceLayout layout, string lockFile)
    {
        foreach (string folder in Directory.EnumerateDirectories(layout.Root))
            Directory.Delete(folder, recursive: true);
        foreach (string file in Directory.EnumerateFiles(layout.Root).Where(file => file != layout.Marker && file != lockFile))
            File.Delete(file);
        File.Delete(layout.Marker);
    }

    private static bool IsWorkspace(WorkspaceLayout layout)
    {
        try
        {
            using JsonDocument marker = JsonDocument.Parse(File.ReadAllBytes(layout.Marker));
            return marker.RootElement.ValueKind == JsonValueKind.Object && marker.RootElement.TryGetProperty("quantumfedWorkspace", out _);
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return false;
        }
    }
}
