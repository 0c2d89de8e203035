using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using QuantumFed.Protocol;

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

    /// <summary>What the key was mixed from, for the record.</summary>
    public PayloadMode Mode { get; }

    /// <summary>Whether the final chunk was opened: a payload that stops earlier was cut short.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>
    /// Derives the key to a header. <see langword="false"/>, with the reason, if the payload is below the recipient's floor, needs another quantum
    /// key than is given, was sealed to another party or in another context, or was touched: the commitment, compared in fixed time, tells.
    /// </summary>
    /// <param name="recipient">The key pair it should be sealed to.</param>
    /// <param name="header">The header; the signature over it is checked by the caller.</param>
    /// <param name="context">What the payload should belong to.</param>
    /// <param name="key">The quantum key that the header names, consumed and disposed of here whatever happens; null for none.</param>
    /// <param name="floor">The least that is taken.</param>
    /// <param name="opener">The opener.</param>
    /// <param name="refusal">Why there is none.</param>
    /// <exception cref="InvalidOperationException"><paramref name="key"/> was used or disposed of before.</exception>
    public static bool TryCreate(
        PayloadKeyPair recipient,
        SealHeader header,
        PayloadContext context,
        QuantumKey? key,
        PayloadFloor floor,
        [NotNullWhen(true)] out PayloadOpener? opener,
        out PayloadRefusal refusal)
    {
        using QuantumKey? consumed = key;
        ArgumentNullException.ThrowIfNull(recipient);
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(context);
        opener = null;
        refusal = RefusalOf(header, key, floor);
        if (refusal != PayloadRefusal.None)
            return false;
        Span<byte> secret = stackalloc byte[PayloadKeyPair.SharedSecretSizeInBytes];
        try
        {
            // A forged ciphertext decapsulates to a secret of its own (implicit rejection, FIPS 203); then the commitment differs.
            recipient.Decapsulate(header.Ciphertext, secret);
            opener = Open(secret, recipient.EncapsulationKey.Span, header, context, key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
        refusal = opener is null ? PayloadRefusal.NotSealedSo : PayloadRefusal.None;
        return opener is not null;
    }

    /// <summary>The same from a header's bytes.</summary>
    /// <exception cref="InvalidOperationException"><paramref name="key"/> was used or disposed of before.</exception>
    public static bool TryCreate(
        PayloadKeyPair recipient,
        ReadOnlySpan<byte> header,
        PayloadContext context,
        QuantumKey? key,
        PayloadFloor floor,
        [NotNullWhen(true)] out PayloadOpener? opener,
        out PayloadRefusal refusal)
    {
        using QuantumKey? consumed = key;
        if (SealHeader.TryRead(header, out SealHeader? read))
            return TryCreate(recipient, read, context, key, floor, out opener, out refusal);
        opener = null;
        refusal = PayloadRefusal.Malformed;
        return false;
    }

    // The part after decapsulation, which the reference vectors fix.
    internal static PayloadOpener? Open(
        ReadOnlySpan<byte> secret, ReadOnlySpan<byte> encapsulationKey, SealHeader header, PayloadContext context, QuantumKey? key)
    {
        Sha384Digest contextHash = PayloadCombiner.ContextHash(header.Mode, context, encapsulationKey, header.Ciphertext, header.KeyIdBytes);
        using PayloadKeys keys = PayloadCombiner.Derive(secret, key is null ? [] : key.Take(), contextHash);
        return CryptographicOperations.FixedTimeEquals(keys.Commitment, header.Commitment)
            ? new PayloadOpener(new ChunkCipher(keys, header), header.Mode)
            : null;
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

    private static PayloadRefusal RefusalOf(SealHeader header, QuantumKey? key, PayloadFloor floor)
    {
        if (header.Mode != PayloadMode.MLKemAndQuantumKey && floor != PayloadFloor.MLKem)
            return PayloadRefusal.BelowFloor;
        IReadOnlyList<QuantumKeyId> ids = header.KeyIds;
        if (ids.Count > 1)
            return PayloadRefusal.SeveralKeys;
        if (key is null)
            return ids.Count == 0 ? PayloadRefusal.None : PayloadRefusal.NoKey;
        return ids.Count == 1 && ids[0] == key.Id ? PayloadRefusal.None : PayloadRefusal.OtherKey;
    }
}
