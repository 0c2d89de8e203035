using System.Security.Cryptography;

namespace QuantumFed.Transport;

/// <summary>What the combiner derives: the AES-256-GCM key, the nonces' base, and the commitment that is sent. Zeroed on dispose.</summary>
internal sealed class PayloadKeys : IDisposable
{
    public const int KeySizeInBytes = 32, IvSizeInBytes = 12, CommitmentSizeInBytes = 32;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(KeySizeInBytes + IvSizeInBytes + CommitmentSizeInBytes, pinned: true);

    public Span<byte> Key => _bytes.AsSpan(0, KeySizeInBytes);

    public Span<byte> Iv => _bytes.AsSpan(KeySizeInBytes, IvSizeInBytes);

    public Span<byte> Commitment => _bytes.AsSpan(KeySizeInBytes + IvSizeInBytes, CommitmentSizeInBytes);

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
