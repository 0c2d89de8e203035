namespace QuantumFed.Besu;

/// <summary>A file of a network: where it goes, and what is in it.</summary>
/// <param name="Path">Relative to the network's folder, with slashes.</param>
/// <param name="Content">The bytes.</param>
/// <param name="IsSecret">Whether only its owner may read it (mode 0600).</param>
public sealed record NetworkFile(string Path, ReadOnlyMemory<byte> Content, bool IsSecret)
{
    /// <summary>The path; never the content.</summary>
    public override string ToString() => Path;
}
