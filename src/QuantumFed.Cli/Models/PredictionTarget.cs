using System.Text;

namespace QuantumFed.Cli;

/// <summary>Where predictions go: standard output as they come, or a file that is there whole or not at all.</summary>
internal sealed class PredictionTarget : IDisposable
{
    private const int BufferSizeInBytes = 1 << 16;
    private const int MostLinks = 40;

    private readonly string? _path;
    private readonly string? _temporary;

    private PredictionTarget(string? path, string? temporary, Stream stream)
    {
        _path = path;
        _temporary = temporary;
        Text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferSizeInBytes) { NewLine = "\n" };
    }

    /// <summary>Where to write.</summary>
    public TextWriter Text { get; }

    /// <summary>Opens a target.</summary>
    /// <param name="path">A full path, or null for standard output.</param>
    /// <param name="inputs">Files that are being read.</param>
    /// <exception cref="UsageException">The path is a folder, or one of the inputs.</exception>
    public static PredictionTarget Open(string? path, params ReadOnlySpan<string> inputs)
    {
        if (path is null)
            return new PredictionTarget(null, null, Console.OpenStandardOutput());
        if (Directory.Exists(path))
            throw new UsageException($"'{path}' is a folder; --out takes a file.");
        foreach (string input in inputs)
        {
            if (Final(input) == Final(path))
                throw new UsageException($"--out names a file that is read, '{path}'; it was left as it is.");
        }
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw new UsageException($"There is no folder for '{path}'.");
        // A device cannot be replaced by a file, only written to.
        if (path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal))
            return new PredictionTarget(path, null, new FileStream(path, FileMode.Open, FileAccess.Write));
        string temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        return new PredictionTarget(path, temporary, new FileStream(temporary, FileMode.CreateNew, FileAccess.Write));
    }

    /// <summary>Writes what is buffered, and puts the file in its place.</summary>
    public void Complete()
    {
        Text.Flush();
        if (_temporary is null)
            return;
        Text.Dispose();
        File.Move(_temporary, _path!, overwrite: true);
    }

    /// <summary>Closes; a file that was not completed is removed.</summary>
    public void Dispose()
    {
        try
        {
            Text.Dispose();
        }
        finally
        {
            if (_temporary is not null)
                File.Delete(_temporary);
        }
    }

    // The path without symbolic links, in any of its parts; two names of one file are then the same text.
    private static string Final(string path, int links = 0)
    {
        string final = Path.GetPathRoot(path)!;
        foreach (string part in path[final.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(final, part);
            string? target = links < MostLinks ? new FileInfo(next).LinkTarget : null;
            final = target is null ? next : Final(Path.GetFullPath(target, final), links + 1);
        }
        return final;
    }
}
