using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>A link's account of secret key: tags are paid from a reserve, which each block's own key fills up before anybody gets the rest.</summary>
/// <remarks>
/// <para>Both ends keep one, start it with the same secret, and open and end the same blocks in the same order; then their reserves stay equal. Bytes
/// taken for a block never come back, whether it succeeds or not: a pad that was used twice would give its tags' keys away.</para>
/// <para>The keys of all blocks are one stream, 64 bytes a block, so that a block's number is its position in it. A <see cref="TransmitterEnd"/> and a
/// <see cref="ReceiverEnd"/> look at a block's keys when it begins and take them when its first tag is made or found right.</para>
/// <para>At any time initial + produced by accepted blocks = consumed + delivered + reserve (<see cref="IsBalanced"/>). Not thread safe; one
/// block is open at a time. The reserve is erased by <see cref="Dispose"/>, bytes taken from it at once.</para>
/// </remarks>
public sealed class KeyLedger : IDisposable
{
    // The oldest bytes first, from _start on, round the end.
    private readonly byte[] _reserve;
    private int _start;
    private int _count;
    private BlockAuthentication? _open;
    private bool _disposed;

    private KeyLedger(ReadOnlySpan<byte> secret, int capacity)
    {
        _reserve = GC.AllocateArray<byte>(capacity, pinned: true);
        secret.CopyTo(_reserve);
        _count = secret.Length;
    }

    /// <summary>The secret bits the link began with, and fills its reserve up to.</summary>
    public int InitialBits => 8 * _reserve.Length;

    /// <summary>Bits ready to pay for tags.</summary>
    public int ReserveBits => 8 * _count;

    /// <summary>Bits used up by tags, of all blocks.</summary>
    public long ConsumedBits { get; private set; }

    /// <summary>Bits of key that accepted blocks produced.</summary>
    public long ProducedBits { get; private set; }

    /// <summary>Bits handed to the link's users.</summary>
    public long DeliveredBits { get; private set; }

    /// <summary>Blocks begun.</summary>
    public ulong Blocks { get; private set; }

    /// <summary>Blocks whose key was used.</summary>
    public ulong AcceptedBlocks { get; private set; }

    /// <summary>Whether the account adds up.</summary>
    public bool IsBalanced => InitialBits + ProducedBits == ConsumedBits + DeliveredBits + ReserveBits;

    /// <summary>Opens an account.</summary>
    /// <param name="initialSecret">The secret both ends share beforehand, enough for one block at least; copied.</param>
    /// <exception cref="ArgumentException">It does not pay for one block.</exception>
    public static KeyLedger Open(ReadOnlySpan<byte> initialSecret)
    {
        if (initialSecret.Length < BlockAuthentication.KeySizeInBytes)
            throw new ArgumentException($"The tags of a block need {BlockAuthentication.KeySizeInBytes} bytes of secret.", nameof(initialSecret));
        return new KeyLedger(initialSecret, initialSecret.Length);
    }

    /// <summary>What a block whose key has so many bits gains, its tags paid. A block that would gain less than 0 is not worth beginning.</summary>
    public static int NetGain(int keyBits) => keyBits / 8 * 8 - BlockAuthentication.KeyCostInBits;

    /// <summary>Begins a block: takes its tags' keys from the reserve.</summary>
    /// <returns><see langword="false"/> when the reserve does not pay for it; the link then needs a new secret.</returns>
    /// <exception cref="InvalidOperationException">Another block is open.</exception>
    /// <exception cref="ObjectDisposedException">The ledger was disposed.</exception>
    public bool TryBegin([NotNullWhen(true)] out BlockAuthentication? block)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_open is not null)
            throw new InvalidOperationException("The block before must be settled or abandoned first.");
        block = null;
        if (_count < BlockAuthentication.KeySizeInBytes)
            return false;
        Span<byte> key = stackalloc byte[BlockAuthentication.KeySizeInBytes];
        Take(key);
        ConsumedBits += BlockAuthentication.KeyCostInBits;
        block = _open = new BlockAuthentication(key, Blocks++);
        CryptographicOperations.ZeroMemory(key);
        return true;
    }

    /// <summary>Ends a block whose tags were right in both directions: fills the reserve up from its key and hands out the rest.</summary>
    /// <param name="block">The open block.</param>
    /// <param name="key">Its key in packed words, verified and amplified; bits that do not fill a byte are dropped.</param>
    /// <param name="keyBits">The key's length in bits.</param>
    /// <param name="delivered">Receives what users get, from its beginning; as long as the key in whole bytes.</param>
    /// <returns>The account. A block that gains less than 0 is refused: nothing of its key is used or delivered.</returns>
    /// <exception cref="InvalidOperationException">The block is not the open one.</exception>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public BlockSettlement Settle(BlockAuthentication block, ReadOnlySpan<ulong> key, int keyBits, Span<byte> delivered)
    {
        RequireOpen(block);
        ArgumentOutOfRangeException.ThrowIfNegative(keyBits);
        int produced = keyBits / 8;
        if (key.Length != PackedBits.WordsFor(keyBits))
            throw new ArgumentException($"A key of {keyBits} bits has {PackedBits.WordsFor(keyBits)} words, not {key.Length}.", nameof(key));
        if (delivered.Length < produced)
            throw new ArgumentException($"A key of {keyBits} bits may deliver {produced} bytes.", nameof(delivered));
        End();
        if (NetGain(keyBits) < 0)
            return new BlockSettlement(false, BlockAuthentication.KeyCostInBits, 8 * produced, 0, 0);

        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(key)[..produced];
        int returned = Math.Min(produced, _reserve.Length - _count);
        Give(bytes[..returned]);
        bytes[returned..].CopyTo(delivered);
        var settlement = new BlockSettlement(true, BlockAuthentication.KeyCostInBits, 8 * produced, 8 * returned, 8 * (produced - returned));
        ProducedBits += settlement.Produced;
        DeliveredBits += settlement.Delivered;
        AcceptedBlocks++;
        return settlement;
    }

    /// <summary>Ends a block that failed: what its tags cost is lost.</summary>
    /// <exception cref="InvalidOperationException">The block is not the open one.</exception>
    public BlockSettlement Abandon(BlockAuthentication block)
    {
        RequireOpen(block);
        End();
        return new BlockSettlement(false, BlockAuthentication.KeyCostInBits, 0, 0, 0);
    }

    /// <summary>An account as it stood: the inverse of <see cref="WriteReserve"/> and the counters.</summary>
    internal static KeyLedger Restore(
        int initialBytes, ReadOnlySpan<byte> reserve, ulong blocks, ulong acceptedBlocks, long consumedBits, long producedBits, long deliveredBits) =>
        new(reserve, initialBytes)
        {
            Blocks = blocks, AcceptedBlocks = acceptedBlocks, ConsumedBits = consumedBits, ProducedBits = producedBits, DeliveredBits = deliveredBits,
        };

    /// <summary>Copies the reserve, the oldest bytes first.</summary>
    internal void WriteReserve(Span<byte> destination)
    {
        for (int i = 0; i < _count; i++)
            destination[i] = _reserve[(_start + i) % _reserve.Length];
    }

    /// <summary>Looks at a block's keys without taking them.</summary>
    /// <param name="number">The block, not before <see cref="Blocks"/>.</param>
    /// <param name="block">Its authentication, which the caller disposes.</param>
    /// <returns><see langword="false"/> when the reserve does not reach so far.</returns>
    internal bool TryLookAt(ulong number, [NotNullWhen(true)] out BlockAuthentication? block)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        block = null;
        ulong ahead = number - Blocks;
        if (number < Blocks || ahead >= (ulong)(_count / BlockAuthentication.KeySizeInBytes))
            return false;
        Span<byte> key = stackalloc byte[BlockAuthentication.KeySizeInBytes];
        int from = _start + (int)ahead * BlockAuthentication.KeySizeInBytes;
        for (int i = 0; i < key.Length; i++)
            key[i] = _reserve[(from + i) % _reserve.Length];
        block = new BlockAuthentication(key, number);
        CryptographicOperations.ZeroMemory(key);
        return true;
    }

    /// <summary>Takes the keys of all blocks up to this one, for good. <see cref="TryLookAt"/> found them.</summary>
    internal void TakeThrough(ulong number)
    {
        Span<byte> key = stackalloc byte[BlockAuthentication.KeySizeInBytes];
        for (; Blocks <= number; Blocks++)
        {
            Take(key);
            ConsumedBits += BlockAuthentication.KeyCostInBits;
        }
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>How much of so many bytes would go to the reserve.</summary>
    internal int BytesToReturn(int bytes) => Math.Min(bytes, _reserve.Length - _count);

    /// <summary>Adds an accepted block's key: its first bytes were spent on settling it, the next go to the reserve, the rest is delivered.</summary>
    internal void Accept(ReadOnlySpan<byte> key, int spent, int returned)
    {
        Give(key.Slice(spent, returned));
        ConsumedBits += 8L * spent;
        ProducedBits += 8L * key.Length;
        DeliveredBits += 8L * (key.Length - spent - returned);
        AcceptedBlocks++;
    }

    /// <summary>Erases the reserve.</summary>
    public void Dispose()
    {
        _disposed = true;
        _open?.Dispose();
        CryptographicOperations.ZeroMemory(_reserve);
        _count = 0;
    }

    private void RequireOpen(BlockAuthentication block)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(block);
        if (!ReferenceEquals(block, _open))
            throw new InvalidOperationException("This block is not open here.");
    }

    private void End()
    {
        _open!.Dispose();
        _open = null;
    }

    private void Take(Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = _reserve[_start];
            _reserve[_start] = 0;
            _start = (_start + 1) % _reserve.Length;
        }
        _count -= destination.Length;
    }

    private void Give(ReadOnlySpan<byte> bytes)
    {
        int end = (_start + _count) % _reserve.Length;
        foreach (byte value in bytes)
        {
            _reserve[end] = value;
            end = (end + 1) % _reserve.Length;
        }
        _count += bytes.Length;
    }
}
