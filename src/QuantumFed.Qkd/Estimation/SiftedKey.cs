using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>The key basis's bits, as the sender sent and the receiver measured them: alike but for errors, and partly known to whoever held the fibre.</summary>
/// <remarks>Bit i of word w is bit 64 w + i; bits beyond the end are 0. Erased on disposal.</remarks>
public sealed class SiftedKey : IDisposable
{
    private readonly ulong[] _sent, _measured;

    internal SiftedKey(ulong[] sent, ulong[] measured, long lengthInBits, bool isSecret)
    {
        _sent = sent;
        _measured = measured;
        LengthInBits = lengthInBits;
        IsSecret = isSecret;
    }

    /// <summary>How many bits either party has.</summary>
    public long LengthInBits { get; }

    /// <summary>Whether the bits came from the operating system's generator. From a seed they repeat, and must protect nothing.</summary>
    public bool IsSecret { get; }

    /// <summary>The sender's bits.</summary>
    public ReadOnlySpan<ulong> SentBits => _sent.AsSpan(0, WordCount);

    /// <summary>The receiver's bits.</summary>
    public ReadOnlySpan<ulong> MeasuredBits => _measured.AsSpan(0, WordCount);

    private int WordCount => (int)((LengthInBits + 63) / 64);

    /// <summary>Erases both.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_sent.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_measured.AsSpan()));
    }
}
