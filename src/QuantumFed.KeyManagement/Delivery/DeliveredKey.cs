using System.Security.Cryptography;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>A key on its way to an application. Pinned, zeroed on dispose, in no text.</summary>
public sealed class DeliveredKey : IDisposable
{
    private readonly byte[] _secret;

    /// <summary>Copies a key; the caller zeroes its own copy.</summary>
    public DeliveredKey(QuantumKeyId id, ReadOnlySpan<byte> secret)
    {
        Id = id;
        _secret = GC.AllocateUninitializedArray<byte>(secret.Length, pinned: true);
        secret.CopyTo(_secret);
    }

    /// <summary>Its id at both ends.</summary>
    public QuantumKeyId Id { get; }

    /// <summary>The key.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    /// <summary>Zeroes it.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_secret);

    /// <summary>The id; nothing of the key.</summary>
    public override string ToString() => Id.ToString();
}
