namespace QuantumFed.Randomness;

/// <summary>Encrypts consecutive counter blocks under one AES-256 key. Not thread safe.</summary>
internal abstract class AesKeystream : IDisposable
{
    /// <summary>An AES block, in bytes (FIPS 197).</summary>
    internal const int BlockSizeInBytes = 16;

    /// <summary>Writes AES(counter), AES(counter + 1), ... over <paramref name="blocks"/>, whose length is a multiple of 16.</summary>
    /// <remarks>The counter is the whole block, big-endian, modulo 2^128 (SP 800-38A, appendix B.1 with m = 128).</remarks>
    internal abstract void Encrypt(UInt128 counter, Span<byte> blocks);

    /// <summary>Replaces the key.</summary>
    internal abstract void SetKey(ReadOnlySpan<byte> key32);

    /// <summary>Erases the key schedule.</summary>
    public abstract void Dispose();
}
