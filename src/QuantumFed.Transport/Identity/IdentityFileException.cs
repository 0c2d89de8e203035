namespace QuantumFed.Transport;

/// <summary>A file of a party's TLS identity is missing, damaged, expired or does not fit the others. The message names the file.</summary>
public sealed class IdentityFileException : IOException
{
    /// <summary>Names the file and what is wrong with it.</summary>
    public IdentityFileException(string path, string problem, Exception? innerException = null)
        : base($"{path}: {problem}", innerException)
    {
        Path = path;
        Problem = problem;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it.</summary>
    public string Problem { get; }
}
