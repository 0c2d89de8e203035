using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>A key as it arrived at a node. Every node of its path knows it. Erased on disposal.</summary>
public sealed class RelayedKey : IDisposable
{
    private readonly byte[] _key;

    internal RelayedKey(RelayKeyId id, RelayPath path, byte[] key) => (Id, Path, _key) = (id, path, key);

    /// <summary>Its name, the same at every node.</summary>
    public RelayKeyId Id { get; }

    /// <summary>Where it was before it came here.</summary>
    public RelayPath Path { get; }

    /// <summary>The key.</summary>
    public ReadOnlySpan<byte> Key => _key;

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    /// <summary>Never the key.</summary>
    public override string ToString() => $"{Id}, {8L * _key.Length} bits, {Path}";
}
