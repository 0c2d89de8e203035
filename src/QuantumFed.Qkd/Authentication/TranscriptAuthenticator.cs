using System.Buffers.Binary;
using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>Wegman-Carter authentication (1981) of all messages of one direction and block: their polynomial hash, encrypted by a one-time pad.</summary>
/// <remarks>
/// <para>Hash key and pad are fresh for every tag. The hashed bytes are "QF-QKD-1", the block's number (8 bytes, little-endian), the direction (1 byte), then
/// each message after its length (4 bytes, little-endian): no message can be moved, joined, cut or played again elsewhere.</para>
/// <para>An attacker who sees one transcript of at most L blocks of 16 bytes with its tag makes the other end accept another one with probability
/// at most (L + 1) 2^-128 (<see cref="PolynomialHash"/>), whatever he can compute.</para>
/// <para>Time depends on lengths only. The keys are erased by the tag's end or <see cref="Dispose"/>. Not thread safe.</para>
/// </remarks>
public sealed class TranscriptAuthenticator : IDisposable
{
    /// <summary>The length of a tag.</summary>
    public const int TagSizeInBytes = PolynomialHash.SizeInBytes;

    /// <summary>The secret bits that one tag uses up: hash key and pad.</summary>
    public const int KeyCostInBits = 16 * PolynomialHash.SizeInBytes;

    internal const int KeySizeInBytes = KeyCostInBits / 8;

    private readonly PolynomialHash _hash;
    private readonly byte[] _pad = GC.AllocateArray<byte>(TagSizeInBytes, pinned: true);
    private bool _finished;

    internal TranscriptAuthenticator(ReadOnlySpan<byte> key32, ulong block, LinkDirection direction)
    {
        _hash = new PolynomialHash(key32[..PolynomialHash.SizeInBytes]);
        key32[PolynomialHash.SizeInBytes..].CopyTo(_pad);
        Span<byte> header = stackalloc byte[17];
        "QF-QKD-1"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], block);
        header[16] = (byte)direction;
        _hash.Append(header);
    }

    /// <summary>The probability that a changed transcript of this length passes: (L + 1) 2^-128.</summary>
    public double ForgeryBound => ((_hash.LengthInBytes + 15) / 16 + 1) * Math.Pow(2, -128);

    /// <summary>Takes the direction's next message, as it was sent or as it was received.</summary>
    /// <exception cref="InvalidOperationException">The tag was made or checked already.</exception>
    public void Record(ReadOnlySpan<byte> message)
    {
        RequireUnfinished();
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, message.Length);
        _hash.Append(length);
        _hash.Append(message);
    }

    /// <summary>Ends the transcript of what was sent; the tag goes to the other end.</summary>
    /// <exception cref="InvalidOperationException">The tag was made or checked already.</exception>
    public byte[] CreateTag()
    {
        byte[] tag = new byte[TagSizeInBytes];
        Finish(tag);
        return tag;
    }

    /// <summary>Ends the transcript of what was received: whether the other end's tag fits it. One attempt only.</summary>
    /// <exception cref="InvalidOperationException">The tag was made or checked already.</exception>
    public bool Confirms(ReadOnlySpan<byte> tag)
    {
        Span<byte> own = stackalloc byte[TagSizeInBytes];
        Finish(own);
        // A guessed tag must not be learnt from time, nor the right one be left in memory.
        bool equal = CryptographicOperations.FixedTimeEquals(own, tag);
        CryptographicOperations.ZeroMemory(own);
        return equal;
    }

    /// <summary>Erases the keys.</summary>
    public void Dispose()
    {
        _finished = true;
        _hash.Dispose();
        CryptographicOperations.ZeroMemory(_pad);
    }

    private void Finish(Span<byte> tag)
    {
        RequireUnfinished();
        _hash.Finish(tag);
        for (int i = 0; i < TagSizeInBytes; i++)
            tag[i] ^= _pad[i];
        Dispose();
    }

    private void RequireUnfinished()
    {
        if (_finished)
            throw new InvalidOperationException("A transcript has one tag, and nothing follows it.");
    }
}
