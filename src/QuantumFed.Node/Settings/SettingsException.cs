namespace QuantumFed.Node;

/// <summary>A party's settings or files do not fit; every failure is listed at once.</summary>
public sealed class SettingsException : Exception
{
    /// <summary>The settings in <paramref name="path"/> have these failures.</summary>
    public SettingsException(string path, IReadOnlyList<string> failures)
        : base($"{path}: {string.Join("; ", failures)}") => (Path, Failures) = (path, failures);

    /// <summary>The file or folder concerned.</summary>
    public string Path { get; }

    /// <summary>What does not fit.</summary>
    public IReadOnlyList<string> Failures { get; }
}
