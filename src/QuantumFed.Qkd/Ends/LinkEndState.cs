using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>What an end of a link must not forget: its account of keys, and a block that is not settled yet.</summary>
/// <remarks>
/// <para>Belongs to the <see cref="TransmitterEnd"/> or <see cref="ReceiverEnd"/> it was given to. Bytes, version 1, little-endian: "QF-LE-1", 0; role (1); parts that follow (1: pending 1,
/// decision 2); initial bytes (4); reserve bytes (4); blocks, accepted blocks, consumed, produced, delivered bits (8 each); the reserve; of a pending block number (8), secrecy (1),
/// returned bytes (4), key bytes (4), key; of a decision block (8), settled (1), token (16).</para>
/// <para>Erased on disposal.</para>
/// </remarks>
public sealed class LinkEndState : IDisposable
{
    /// <summary>The shortest first secret, in bytes: what the tags of one block cost.</summary>
    public const int LeastInitialBytes = BlockAuthentication.KeySizeInBytes;

    /// <summary>The longest first secret, in bytes.</summary>
    public const int MostInitialBytes = 1 << 20;

    private const int HeaderSize = 18 + 5 * sizeof(ulong);
    private const int PendingHeaderSize = 17;
    private const int DecisionSize = 9 + PendingBlock.TokenSize;
    private const ulong MostCount = 1UL << 60;

    private LinkEndState(LinkRole role, KeyLedger ledger) => (Role, Ledger) = (role, ledger);

    /// <summary>Which end.</summary>
    public LinkRole Role { get; }

    /// <summary>The account of keys.</summary>
    public KeyLedger Ledger { get; }

    /// <summary>The number of the block that is not settled yet, if any.</summary>
    public ulong? PendingBlockNumber => Pending?.Number;

    internal PendingBlock? Pending { get; private set; }

    internal SettlementDecision? Decision { get; private set; }

    private static ReadOnlySpan<byte> Magic => "QF-LE-1\0"u8;

    /// <summary>The state of a link that begins.</summary>
    /// <param name="role">Which end.</param>
    /// <param name="initialSecret">What both ends share beforehand: from <see cref="LeastInitialBytes"/> to <see cref="MostInitialBytes"/>; copied.</param>
    /// <exception cref="ArgumentException">The secret is too short or too long, or the role unknown.</exception>
    public static LinkEndState Create(LinkRole role, ReadOnlySpan<byte> initialSecret)
    {
        if (!Enum.IsDefined(role))
            throw new ArgumentException("There are two ends.", nameof(role));
        if (initialSecret.Length > MostInitialBytes)
            throw new ArgumentException($"At most {MostInitialBytes} bytes.", nameof(initialSecret));
        return new LinkEndState(role, KeyLedger.Open(initialSecret));
    }

    /// <summary>The canonical bytes, as secret as the reserve.</summary>
    public byte[] ToBytes()
    {
        int reserve = Ledger.ReserveBits / 8;
        byte[] bytes = GC.AllocateArray<byte>(
            HeaderSize + reserve + (Pending is null ? 0 : PendingHeaderSize + Pending.Key.Length) + (Decision is null ? 0 : DecisionSize), pinned: true);
        Span<byte> rest = bytes;
        Magic.CopyTo(rest);
        rest[8] = (byte)Role;
        rest[9] = (byte)((Pending is null ? 0 : 1) | (Decision is null ? 0 : 2));
        BinaryPrimitives.WriteInt32LittleEndian(rest[10..], Ledger.InitialBits / 8);
        BinaryPrimitives.WriteInt32LittleEndian(rest[14..], reserve);
        Span<ulong> counters = [Ledger.Blocks, Ledger.AcceptedBlocks, (ulong)Ledger.ConsumedBits, (ulong)Ledger.ProducedBits, (ulong)Ledger.DeliveredBits];
        for (int i = 0; i < counters.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(rest[(18 + 8 * i)..], counters[i]);
        rest = rest[HeaderSize..];
        Ledger.WriteReserve(rest);
        rest = rest[reserve..];
        if (Pending is { } pending)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, pending.Number);
            rest[8] = pending.IsSecret ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteInt32LittleEndian(rest[9..], pending.ReturnedBytes);
            BinaryPrimitives.WriteInt32LittleEndian(rest[13..], pending.Key.Length);
            pending.Key.CopyTo(rest[PendingHeaderSize..]);
            rest = rest[(PendingHeaderSize + pending.Key.Length)..];
        }
        if (Decision is { } decision)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, decision.Block);
            rest[8] = decision.IsSettled ? (byte)1 : (byte)0;
            decision.Token.CopyTo(rest[9..]);
        }
        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> made; <see langword="false"/> for anything else, also for an account that does not add up.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LinkEndState? state)
    {
        state = null;
        if (bytes.Length < HeaderSize || !bytes.StartsWith(Magic) || !Enum.IsDefined((LinkRole)bytes[8]) || bytes[9] > 3)
            return false;
        int initial = BinaryPrimitives.ReadInt32LittleEndian(bytes[10..]), reserve = BinaryPrimitives.ReadInt32LittleEndian(bytes[14..]);
        if (initial is < BlockAuthentication.KeySizeInBytes or > MostInitialBytes || reserve < 0 || reserve > initial || bytes.Length < HeaderSize + reserve)
            return false;
        Span<ulong> counters = stackalloc ulong[5];
        for (int i = 0; i < counters.Length; i++)
        {
            counters[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(18 + 8 * i)..]);
            if (counters[i] > MostCount)
                return false;
        }
        var read = new LinkEndState(
            (LinkRole)bytes[8],
            KeyLedger.Restore(initial, bytes.Slice(HeaderSize, reserve), counters[0], counters[1], (long)counters[2], (long)counters[3], (long)counters[4]));
        ReadOnlySpan<byte> rest = bytes[(HeaderSize + reserve)..];
        if (!read.Ledger.IsBalanced || !read.TryReadPending((bytes[9] & 1) != 0, ref rest) || !read.TryReadDecision((bytes[9] & 2) != 0, ref rest) || !rest.IsEmpty)
        {
            read.Dispose();
            return false;
        }
        state = read;
        return true;
    }

    /// <summary>Takes the keys of a block whose tag is about to be made, or was found right.</summary>
    internal void Take(ulong block) => Ledger.TakeThrough(block);

    /// <summary>Keeps a block's key until it is settled. The decision before is known at the other end, or this block could not have come so far.</summary>
    internal void Prepare(PendingBlock block)
    {
        Pending = block;
        Decision = null;
    }

    /// <summary>Ends the pending block, and at the transmitter remembers how.</summary>
    /// <returns>The block, which the caller disposes.</returns>
    internal PendingBlock End(bool isSettled)
    {
        PendingBlock block = Pending!;
        if (isSettled)
            Ledger.Accept(block.Key, PendingBlock.SettlementSize, block.ReturnedBytes);
        if (Role == LinkRole.Transmitter)
            Decision = new SettlementDecision(block.Number, isSettled, (isSettled ? block.SettledToken : block.AbandonedToken).ToArray());
        Pending = null;
        return block;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Ledger.Dispose();
        Pending?.Dispose();
        Pending = null;
        CryptographicOperations.ZeroMemory(Decision?.Token ?? []);
    }

    private bool TryReadPending(bool isPresent, ref ReadOnlySpan<byte> rest)
    {
        if (!isPresent)
            return true;
        if (rest.Length < PendingHeaderSize)
            return false;
        ulong number = BinaryPrimitives.ReadUInt64LittleEndian(rest);
        int returned = BinaryPrimitives.ReadInt32LittleEndian(rest[9..]), length = BinaryPrimitives.ReadInt32LittleEndian(rest[13..]);
        if (rest[8] > 1 || number >= Ledger.Blocks || length is < PendingBlock.SettlementSize or > LinkNotes.MostSiftedBits / 8 || rest.Length < PendingHeaderSize + length
            || returned < 0 || returned > length - PendingBlock.SettlementSize || returned > Ledger.BytesToReturn(returned))
            return false;
        byte[] key = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        rest.Slice(PendingHeaderSize, length).CopyTo(key);
        Pending = new PendingBlock(number, rest[8] != 0, returned, key);
        rest = rest[(PendingHeaderSize + length)..];
        return true;
    }

    private bool TryReadDecision(bool isPresent, ref ReadOnlySpan<byte> rest)
    {
        if (!isPresent)
            return true;
        if (Role != LinkRole.Transmitter || rest.Length < DecisionSize || rest[8] > 1)
            return false;
        Decision = new SettlementDecision(BinaryPrimitives.ReadUInt64LittleEndian(rest), rest[8] != 0, rest.Slice(9, PendingBlock.TokenSize).ToArray());
        rest = rest[DecisionSize..];
        return true;
    }
}
