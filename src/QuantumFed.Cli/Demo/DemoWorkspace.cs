using System.Text;
using System.Text.Json;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>Claims the folder that a demo writes: a new or empty one, or one that an earlier demo marked as its own.</summary>
internal static class DemoWorkspace
{
    /// <summary>Makes the folder ready for a new workspace.</summary>
    /// <exception cref="UsageException">The folder holds something that is not a workspace; nothing was touched.</exception>
    public static WorkspaceLayout Claim(string folder)
    {
        var layout = new WorkspaceLayout(CommandRunner.PathOf("--out", folder));
        if (File.Exists(layout.Root))
            throw new UsageException($"'{folder}' is a file; choose a folder with --out DIR.");
        if (Directory.Exists(layout.Root) && Directory.EnumerateFileSystemEntries(layout.Root).Any())
        {
            if (!IsWorkspace(layout))
                throw new UsageException($"'{folder}' is not empty and not a workspace of this program; choose another folder with --out DIR.");
            Empty(layout);
        }
        Directory.CreateDirectory(layout.Root);
        // Whole or not at all: with half of it on a full disk, the folder would be nobody's.
        DurableFile.WriteUnflushed(layout.Marker, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { quantumfedWorkspace = 1 }) + "\n"));
        return layout;
    }

    // The marker goes last, so that a folder whose clearing was interrupted is still known as a workspace.
    private static void Empty(WorkspaceLayout layout)
    {
        foreach (string folder in Directory.EnumerateDirectories(layout.Root))
            Directory.Delete(folder, recursive: true);
        foreach (string file in Directory.EnumerateFiles(layout.Root).Where(file => file != layout.Marker))
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
