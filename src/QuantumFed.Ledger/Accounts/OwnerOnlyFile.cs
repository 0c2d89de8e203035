using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>Files that only their owner may read.</summary>
internal static class OwnerOnlyFile
{
    /// <summary>Mode 0600.</summary>
    public const UnixFileMode OwnersMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a new file of mode 0600; it is on disk when this returns. What could not be written whole is removed.</summary>
    /// <exception cref="IOException">The file exists, or could not be written.</exception>
    public static void Create(string path, ReadOnlySpan<byte> content)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = OwnersMode };
        using (FileStream file = new(path, options))
        {
            try
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            catch
            {
                File.Delete(path);
                throw;
            }
        }
        DurableFile.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Fills a buffer from a file's start, and tells how much there was; a full buffer may mean that there is more.</summary>
    /// <exception cref="InvalidDataException">Its mode allows more than <paramref name="allowed"/>.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static int Read(string path, Span<byte> buffer, UnixFileMode allowed = OwnersMode)
    {
        using FileStream file = new(path, new FileStreamOptions { BufferSize = 0 });
        if ((File.GetUnixFileMode(file.SafeFileHandle) & ~allowed) != 0)
            throw new InvalidDataException($"{path} must have mode 0600: others may read or change it.");
        return file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
    }
}
