using System.Security.Cryptography;

namespace QuantumFed.Transport;

/// <summary>
/// One key of a quantum link, to be used once: sealing or opening a payload consumes it, and a second use throws. Pinned in memory, zeroed on
/// dispose, in no text. The one use is atomic; disposing is for whoever holds the key last.
/// </summary>
public sealed class QuantumKey : IDisposable
{
    /// <summary>The shortest key: 256 bits.</summary>
    public const int MinSizeInBytes = 32;

    /// <summary>The longest key that is taken.</summary>
    public const int MaxSizeInBytes = 1024;

    private readonly byte[] _secret;
    private bool _used;

    // Takes ownership of a pinned array.
    private QuantumKey(QuantumKeyId id, byte[] secret)
    {
        Id = id;
        _secret = secret;
    }

    /// <summary>Its id.</summary>
    public QuantumKeyId Id { get; }

    /// <summary>Its length in bytes.</summary>
    public int SizeInBytes => _secret.Length;

    /// <summary>Copies a key; the caller zeroes its own copy.</summary>
    /// <param name="id">The id it has at both key managers.</param>
    /// <param name="secret">32 to 1024 bytes.</param>
    /// <exception cref="ArgumentException">The key is too short or too long.</exception>
    public static QuantumKey Create(QuantumKeyId id, ReadOnlySpan<byte> secret)
    {
        if (secret.Length is < MinSizeInBytes or > MaxSizeInBytes)
            throw new ArgumentException($"A quantum key has {MinSizeInBytes} to {MaxSizeInBytes} bytes, not {secret.Length}.", nameof(secret));
        byte[] copy = GC.AllocateUninitializedArray<byte>(secret.Length, pinned: true);
        secret.CopyTo(copy);
        return new QuantumKey(id, copy);
    }

    /// <summary>Zeroes the key. It counts as used from then on.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _used, true);
        CryptographicOperations.ZeroMemory(_secret);
    }

    /// <summary>The id; nothing of the key.</summary>
    public override string ToString() => Id.ToString();

    /// <summary>The key, the first time. The taker disposes of this object when it is done with it.</summary>
    /// <exception cref="InvalidOperationException">It was used or disposed of before.</exception>
    public ReadOnlySpan<byte> Take() =>
        Interlocked.Exchange(ref _used, true) ? throw new InvalidOperationException($"Quantum key {Id} has been used.") : _secret;
}
