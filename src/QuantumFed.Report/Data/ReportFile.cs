namespace QuantumFed.Report;

/// <summary>Files written whole or not at all, and read up to a bound.</summary>
public static class ReportFile
{
    /// <summary>Writes the bytes to a new file beside <paramref name="path"/>, flushes it, and renames it into place. The folder is made if there is none.</summary>
    /// <exception cref="IOException">The disk is full or refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> data)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(data);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Reads a file of at most <paramref name="mostBytes"/> bytes.</summary>
    internal static bool TryRead(string path, int mostBytes, out byte[] data, out string problem)
    {
        data = [];
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (file.Length > mostBytes)
            {
                problem = $"{path} is larger than a report can be ({mostBytes} bytes).";
                return false;
            }
            data = new byte[file.Length];
            file.ReadExactly(data);
            problem = "";
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            problem = $"{path} cannot be read: {e.Message}";
            return false;
        }
    }
}
