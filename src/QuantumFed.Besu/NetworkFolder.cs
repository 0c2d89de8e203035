using System.Security.Cryptography;
using System.Text;
using QuantumFed.Protocol;

namespace QuantumFed.Besu;

/// <summary>Writes a network into a folder, whole or not at all.</summary>
public static class NetworkFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = Owner | UnixFileMode.UserExecute;
    private const UnixFileMode Everybody = Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Whether a network can be written there: nothing is at the path, or an empty folder that is no link.</summary>
    public static bool IsFree(string path) =>
        Directory.Exists(path)
            ? new DirectoryInfo(path).LinkTarget is null && !Directory.EnumerateFileSystemEntries(path).Any()
            : !Path.Exists(path);

    /// <summary>Writes everything into a new folder beside <paramref name="path"/>, flushes it to disk, and renames it into place.</summary>
    /// <exception cref="IOException">Something is at the path, or the disk is full or refuses; nothing is left behind.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder above may not be written.</exception>
    public static void Write(BesuNetwork network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        Write(network.Files, network.EmptyFolders, path);
    }

    /// <summary>Writes the key of a node into a new folder, as <see cref="Write(BesuNetwork, string)"/> does a network: <c>key</c>, <c>key.pub</c> and <c>address</c>, as Besu reads them.</summary>
    /// <exception cref="IOException">As for a network.</exception>
    /// <exception cref="UnauthorizedAccessException">As for a network.</exception>
    public static void Write(NodeKey key, string path)
    {
        ArgumentNullException.ThrowIfNull(key);
        byte[] secret = key.WriteSecret();
        try
        {
            Write(
                [
                    new NetworkFile("key", secret, IsSecret: true), new NetworkFile("key.pub", Encoding.ASCII.GetBytes(key.PublicKey.ToString()), IsSecret: false),
                    new NetworkFile("address", Encoding.ASCII.GetBytes(key.PublicKey.Address.ToString()), IsSecret: false),
                ],
                [],
                path);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    internal static void Write(IEnumerable<NetworkFile> files, IEnumerable<string> emptyFolders, string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!IsFree(full))
            throw new IOException($"Something is at {full} already.");
        string above = Path.GetDirectoryName(full) ?? throw new IOException($"{full} has no folder above it.");
        _ = Directory.CreateDirectory(above);
        string temporary = Path.Combine(above, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}");
        try
        {
            Fill(files, emptyFolders, temporary);
            if (Directory.Exists(full))
                Directory.Delete(full);
            Directory.Move(temporary, full);
            DurableFile.FlushFolder(above);
        }
        catch
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    private static void Fill(IEnumerable<NetworkFile> files, IEnumerable<string> emptyFolders, string folder)
    {
        HashSet<string> folders = [folder];
        _ = Directory.CreateDirectory(folder, OwnerFolder);
        foreach (string empty in emptyFolders)
            CreateBelow(Path.Combine(folder, empty));
        foreach (NetworkFile file in files)
        {
            string path = Path.Combine(folder, file.Path);
            CreateBelow(Path.GetDirectoryName(path)!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0, UnixCreateMode = file.IsSecret ? Owner : Everybody };
            using FileStream stream = new(path, options);
            stream.Write(file.Content.Span);
            stream.Flush(flushToDisk: true);
        }
        foreach (string created in folders)
            DurableFile.FlushFolder(created);

        void CreateBelow(string wanted)
        {
            if (folders.Contains(wanted))
                return;
            CreateBelow(Path.GetDirectoryName(wanted)!);
            _ = Directory.CreateDirectory(wanted, OwnerFolder);
            _ = folders.Add(wanted);
        }
    }
}
