using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace QuantumFed.Transport;

/// <summary>
/// Opens one sealed payload, chunk by chunk and in order. The payload is whole only once <see cref="IsComplete"/>. After the first
/// chunk that does not open, nothing opens any more. Not thread safe.
/// </summary>
public sealed class PayloadOpener : IDisposable
{
    private readonly ChunkCipher _cipher;
    private bool _refused, _disposed;

    private PayloadOpener(ChunkCipher cipher, PayloadMode mode)
    {
        _cipher = cipher;
        Mode = mode;
    }

    /// <summary>What the key was mixed from, for the recipient's own floor and the record.</summary>
    public PayloadMode Mode { get; }

    /// <summary>Whether the final chunk was opened: a payload that stops earlier was cut short.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>
    /// Reads a header and derives the key. <see langword="false"/> if the header is malformed, has a mode this recipient has no key for, was
    /// sealed to another key or in another context, or was touched: the commitment, compared in fixed time, tells.
    /// </summary>
    /// <param name="recipient">The key pair it should be sealed to.</param>
    /// <param name="header">The header; its signature is checked by the caller.</param>
    /// <param name="context">What the payload should belong to.</param>
    /// <param name="opener">The opener.</param>
    public static bool TryCreate(PayloadKeyPair recipient, ReadOnlySpan<byte> header, PayloadContext context, [NotNullWhen(true)] out PayloadOpener? opener)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        ArgumentNullException.ThrowIfNull(context);
        opener = null;
        if (!PayloadHeader.TryRead(header, out PayloadHeader? read) || read.Mode != PayloadMode.MLKemOnly)
            return false;
        Span<byte> secret = stackalloc byte[PayloadKeyPair.SharedSecretSizeInBytes];
        try
        {
            // A forged ciphertext decapsulates to a secret of its own (implicit rejection, FIPS 203); then the commitment differs.
            recipient.Decapsulate(read.Ciphertext, secret);
            Sha384Digest contextHash = PayloadCombiner.ContextHash(read.Mode, context, recipient.EncapsulationKey.Span, read.Ciphertext, read.KeyIds);
            using PayloadKeys keys = PayloadCombiner.Derive(secret, [], contextHash);
            if (!CryptographicOperations.FixedTimeEquals(keys.Commitment, read.Commitment))
                return false;
            opener = new PayloadOpener(new ChunkCipher(keys, read), read.Mode);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>
    /// Opens the next chunk. <see langword="false"/>, from then on, if it was touched, is not the next one, is final where it was not sealed so or the
    /// reverse, or comes after the final one.
    /// </summary>
    /// <param name="chunk">Ciphertext and tag.</param>
    /// <param name="final">Whether the sender said it is the last.</param>
    /// <param name="plaintext">The chunk's plaintext.</param>
    /// <exception cref="ObjectDisposedException">The opener is disposed.</exception>
    public bool TryOpenNext(ReadOnlySpan<byte> chunk, bool final, [NotNullWhen(true)] out byte[]? plaintext)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        plaintext = null;
        if (!_refused && !IsComplete && chunk.Length is >= ChunkCipher.TagSizeInBytes and <= PayloadSealer.MaxChunkSizeInBytes + ChunkCipher.TagSizeInBytes)
            plaintext = _cipher.Open(chunk, final);
        if (plaintext is null)
        {
            // An extra chunk also means that what was opened is not what was sealed.
            _refused = true;
            IsComplete = false;
            return false;
        }
        IsComplete = final;
        return true;
    }

    /// <summary>Releases the key.</summary>
    public void Dispose()
    {
        _disposed = true;
        _cipher.Dispose();
    }
}
