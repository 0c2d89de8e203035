namespace QuantumFed.Models;

/// <summary>A model file cannot be used, and why: one line that names the file.</summary>
/// <param name="file">The file's path.</param>
/// <param name="reason">What is wrong, in a sentence.</param>
public sealed class ModelFileException(string file, string reason)
    : Exception(string.Concat($"{file}: {reason}".Select(c => char.IsControl(c) ? ' ' : c)))
{
    /// <summary>The file's path.</summary>
    public string File { get; } = file;

    /// <summary>What is wrong.</summary>
    public string Reason { get; } = reason;
}
