using System.Security.Cryptography;

namespace QuantumFed.Transport;

/// <summary>
/// Seals one payload, chunk by chunk, to a recipient's ML-KEM-768 key (mode 2). A sealer is used once; a resend sends the stored bytes and never
/// seals again. Not thread safe.
/// </summary>
public sealed class PayloadSealer : IDisposable
{
    /// <summary>The longest chunk, before it is sealed.</summary>
    public const int MaxChunkSizeInBytes = 1024 * 1024;

    /// <summary>What sealing adds to a chunk: the tag.</summary>
    public const int ChunkOverheadInBytes = ChunkCipher.TagSizeInBytes;

    private readonly ChunkCipher _cipher;
    private readonly byte[] _header;
    private bool _finished, _disposed;

    private PayloadSealer(ChunkCipher cipher, byte[] header)
    {
        _cipher = cipher;
        _header = header;
    }

    /// <summary>
    /// What is sent before the chunks, signed by the sender: version, mode, key ids, ML-KEM ciphertext and the commitment to the key (AES-GCM alone
    /// does not commit to its key). 1123 bytes in mode 2.
    /// </summary>
    public ReadOnlyMemory<byte> Header => _header;

    /// <summary>Encapsulates a fresh secret to a recipient.</summary>
    /// <param name="encapsulationKey">The recipient's registered key, 1184 bytes.</param>
    /// <param name="context">What the payload belongs to.</param>
    /// <exception cref="ArgumentException"><paramref name="encapsulationKey"/> is no ML-KEM-768 encapsulation key (FIPS 203, section 7.2).</exception>
    /// <exception cref="TransportProfileException">OpenSSL is too old.</exception>
    public static PayloadSealer Create(ReadOnlySpan<byte> encapsulationKey, PayloadContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (encapsulationKey.Length != PayloadKeyPair.EncapsulationKeySizeInBytes)
            throw new ArgumentException($"An encapsulation key has {PayloadKeyPair.EncapsulationKeySizeInBytes} bytes, not {encapsulationKey.Length}.", nameof(encapsulationKey));
        OpenSslVersion.RequirePostQuantum();

        Span<byte> secret = stackalloc byte[PayloadKeyPair.SharedSecretSizeInBytes];
        byte[] ciphertext = new byte[PayloadHeader.CiphertextSizeInBytes];
        try
        {
            using MLKem recipient = Import(encapsulationKey);
            recipient.Encapsulate(ciphertext, secret);
            Sha384Digest contextHash = PayloadCombiner.ContextHash(PayloadMode.MLKemOnly, context, encapsulationKey, ciphertext, []);
            using PayloadKeys keys = PayloadCombiner.Derive(secret, [], contextHash);
            PayloadHeader header = PayloadHeader.Write(PayloadMode.MLKemOnly, [], ciphertext, keys.Commitment);
            return new PayloadSealer(new ChunkCipher(keys, header), header.Bytes.ToArray());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Seals the next chunk.</summary>
    /// <param name="plaintext">At most 1 MiB; may be empty.</param>
    /// <param name="final">Whether it is the payload's last.</param>
    /// <returns>Ciphertext and tag: 16 bytes more than the plaintext.</returns>
    /// <exception cref="ArgumentException">The chunk is too long.</exception>
    /// <exception cref="InvalidOperationException">The final chunk has been sealed.</exception>
    /// <exception cref="ObjectDisposedException">The sealer is disposed.</exception>
    public byte[] SealNext(ReadOnlySpan<byte> plaintext, bool final)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (plaintext.Length > MaxChunkSizeInBytes)
            throw new ArgumentException($"A chunk has at most {MaxChunkSizeInBytes} bytes, not {plaintext.Length}.", nameof(plaintext));
        if (_finished)
            throw new InvalidOperationException("The final chunk has been sealed.");
        _finished = final;
        return _cipher.Seal(plaintext, final);
    }

    /// <summary>Releases the key.</summary>
    public void Dispose()
    {
        _disposed = true;
        _cipher.Dispose();
    }

    private static MLKem Import(ReadOnlySpan<byte> encapsulationKey)
    {
        try
        {
            return MLKem.ImportEncapsulationKey(MLKemAlgorithm.MLKem768, encapsulationKey);
        }
        catch (CryptographicException e)
        {
            throw new ArgumentException("These bytes are no ML-KEM-768 encapsulation key.", nameof(encapsulationKey), e);
        }
    }
}
