namespace QuantumFed.Cli;

/// <summary>Where a model may be written: to a new file, or over an earlier model file.</summary>
internal static class ExportTarget
{
    private const int HeadSizeInBytes = 64;

    /// <summary>Refuses every other place.</summary>
    /// <exception cref="UsageException">Something else is there.</exception>
    public static void Check(string path)
    {
        if (Directory.Exists(path))
            throw new UsageException($"'{path}' is a folder; --out takes a file.");
        if (!File.Exists(path))
            return;
        Span<byte> head = stackalloc byte[HeadSizeInBytes];
        using FileStream file = File.OpenRead(path);
        if (file.Read(head) < HeadSizeInBytes || head.IndexOf("\"quantumfed-model\""u8) < 0)
            throw new UsageException($"'{path}' exists and is not a model file; it was left as it is. Choose another file with --out.");
    }
}
