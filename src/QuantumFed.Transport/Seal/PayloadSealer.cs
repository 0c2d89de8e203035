using System.Security.Cryptography;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>
/// Seals one payload, chunk by chunk, to a recipient's ML-KEM-768 key, with a quantum key (mode 1) or without (mode 2). A sealer is used once; a
/// resend sends the stored bytes and never seals again. Not thread safe.
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
    /// does not commit to its key). 1139 bytes in mode 1, 1123 in mode 2.
    /// </summary>
    public ReadOnlyMemory<byte> Header => _header;

    /// <summary>Encapsulates a fresh secret to a recipient and, in mode 1, mixes a quantum key in.</summary>
    /// <param name="encapsulationKey">The recipient's registered key, 1184 bytes.</param>
    /// <param name="context">What the payload belongs to.</param>
    /// <param name="key">A key of the link to the recipient, consumed and disposed of here whatever happens (mode 1); null for none (mode 2).</param>
    /// <exception cref="ArgumentException"><paramref name="encapsulationKey"/> is no ML-KEM-768 encapsulation key (FIPS 203, section 7.2), or there
    /// is a quantum key and the context does not name both ends of its link.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="key"/> was used or disposed of before.</exception>
    /// <exception cref="TransportProfileException">OpenSSL is too old.</exception>
    public static PayloadSealer Create(ReadOnlySpan<byte> encapsulationKey, PayloadContext context, QuantumKey? key)
    {
        using QuantumKey? consumed = key;
        ArgumentNullException.ThrowIfNull(context);
        OpenSslVersion.RequirePostQuantum();
        if (key is not null && (context.MasterSae.IsEmpty || context.SlaveSae.IsEmpty))
            throw new ArgumentException("A payload with a quantum key names both ends of the link in its context.", nameof(context));
        Span<byte> secret = stackalloc byte[PayloadKeyPair.SharedSecretSizeInBytes];
        byte[] ciphertext = new byte[SealHeader.CiphertextSizeInBytes];
        try
        {
            using MLKem recipient = Import(encapsulationKey);
            recipient.Encapsulate(ciphertext, secret);
            return Seal(secret, encapsulationKey, ciphertext, context, key);
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

    // The part after encapsulation, which the reference vectors fix.
    internal static PayloadSealer Seal(
        ReadOnlySpan<byte> secret, ReadOnlySpan<byte> encapsulationKey, ReadOnlySpan<byte> ciphertext, PayloadContext context, QuantumKey? key)
    {
        PayloadMode mode = key is null ? PayloadMode.MLKemOnly : PayloadMode.MLKemAndQuantumKey;
        byte[] keyIds = key?.Id.ToArray() ?? [];
        Sha384Digest contextHash = PayloadCombiner.ContextHash(mode, context, encapsulationKey, ciphertext, keyIds);
        using PayloadKeys keys = PayloadCombiner.Derive(secret, key is null ? [] : key.Take(), contextHash);
        SealHeader header = SealHeader.Write(mode, keyIds, ciphertext, keys.Commitment);
        return new PayloadSealer(new ChunkCipher(keys, header), header.Bytes.ToArray());
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
