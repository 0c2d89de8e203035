using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// The extraData of a QBFT block: RLP[vanity, [validators], vote, round, [seals]] (Besu's QbftExtraDataCodec). Immutable. Decoding is strict: only what
/// Besu writes is read, so that <see cref="Encode"/> after <see cref="TryDecode"/> gives the same bytes.
/// </summary>
public sealed class QbftExtraData
{
    /// <summary>The length of the bytes that are the proposer's own.</summary>
    public const int VanitySizeInBytes = 32;

    private const int SealSizeInBytes = 65;

    // Besu also reads 00 as a removal, but writes the empty string.
    private const byte AddVote = 0xFF;

    private QbftExtraData(ReadOnlyMemory<byte> vanity, QbftValidators validators, QbftVote? vote, uint round, ImmutableArray<EcdsaSignature> seals)
    {
        Vanity = vanity;
        Validators = validators;
        Vote = vote;
        Round = round;
        Seals = seals;
    }

    /// <summary>The proposer's own 32 bytes.</summary>
    public ReadOnlyMemory<byte> Vanity { get; }

    /// <summary>The validators of this block; in a genesis block the first ones.</summary>
    public QbftValidators Validators { get; }

    /// <summary>The proposer's vote, if it cast one.</summary>
    public QbftVote? Vote { get; }

    /// <summary>The round in which the validators agreed, from 0 to 2^31 - 1; above 0 when proposers failed.</summary>
    public uint Round { get; }

    /// <summary>The committed seals, as they came: at most <see cref="QbftValidators.MaxCount"/>, perhaps forged or repeated.</summary>
    public ImmutableArray<EcdsaSignature> Seals { get; }

    /// <summary>The extraData of a genesis block: zero vanity, the validators, and no vote, round or seal.</summary>
    public static QbftExtraData Genesis(QbftValidators validators)
    {
        ArgumentNullException.ThrowIfNull(validators);
        return new QbftExtraData(new byte[VanitySizeInBytes], validators, null, 0, []);
    }

    /// <summary>Reads extraData; <see langword="false"/> if the bytes are anything else.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> encoded, [NotNullWhen(true)] out QbftExtraData? extraData)
    {
        extraData = null;
        if (!RlpItem.TryDecode(encoded.ToArray(), out RlpItem? item)
            || item.Items is not [{ IsList: false, Bytes.Length: VanitySizeInBytes } vanity, { IsList: true } validators, { IsList: true } vote, var round, { IsList: true } seals]
            || !TryReadValidators(validators, out QbftValidators? set) || !TryReadVote(vote, out QbftVote? cast)
            || !round.TryReadUInt64(out ulong number) || number > int.MaxValue || !TryReadSeals(seals, out ImmutableArray<EcdsaSignature> signatures))
            return false;
        extraData = new QbftExtraData(vanity.Bytes, set, cast, (uint)number, signatures);
        return true;
    }

    /// <summary>The only encoding; 124 bytes for a genesis block of four validators.</summary>
    public byte[] Encode() => RlpItem.List(
        RlpItem.Of(Vanity),
        RlpItem.List([.. Validators.Ascending.Select(validator => RlpItem.Of(validator.ToArray()))]),
        Vote is { } vote ? RlpItem.List(RlpItem.Of(vote.Recipient.ToArray()), RlpItem.Of(vote.Adds ? [AddVote] : Array.Empty<byte>())) : RlpItem.List(),
        RlpItem.Of((ulong)Round),
        RlpItem.List([.. Seals.Select(Write)])).Encode();

    internal QbftExtraData WithoutSealsInRound(uint round) => new(Vanity, Validators, Vote, round, []);

    internal QbftExtraData With(QbftVote? vote, uint round, params ImmutableArray<EcdsaSignature> seals) => new(Vanity, Validators, vote, round, seals);

    private static bool TryReadValidators(RlpItem list, [NotNullWhen(true)] out QbftValidators? validators)
    {
        validators = null;
        return list.Items.Count <= QbftValidators.MaxCount && list.Items.All(IsAddress)
            && QbftValidators.TryOfAscending([.. list.Items.Select(item => new EthereumAddress(item.Bytes.Span))], out validators);
    }

    private static bool TryReadVote(RlpItem list, out QbftVote? vote)
    {
        vote = null;
        if (list.Items.Count == 0)
            return true;
        if (list.Items is not [var recipient, { IsList: false } kind] || !IsAddress(recipient))
            return false;
        bool adds = kind.Bytes.Span is [AddVote];
        vote = new QbftVote(new EthereumAddress(recipient.Bytes.Span), adds);
        return adds || kind.Bytes.IsEmpty;
    }

    private static bool TryReadSeals(RlpItem list, out ImmutableArray<EcdsaSignature> seals)
    {
        seals = [];
        if (list.Items.Count > QbftValidators.MaxCount || list.Items.Any(item => item.IsList || item.Bytes.Length != SealSizeInBytes || item.Bytes.Span[^1] > 1))
            return false;
        seals = [.. list.Items.Select(item => Read(item.Bytes.Span))];
        return true;
    }

    private static bool IsAddress(RlpItem item) => !item.IsList && item.Bytes.Length == EthereumAddress.SizeInBytes;

    private static EcdsaSignature Read(ReadOnlySpan<byte> seal) => new(
        new BigInteger(seal[..32], isUnsigned: true, isBigEndian: true), new BigInteger(seal[32..64], isUnsigned: true, isBigEndian: true), seal[64] == 1);

    private static RlpItem Write(EcdsaSignature seal)
    {
        byte[] bytes = new byte[SealSizeInBytes];
        Write(seal.R, bytes.AsSpan(0, 32));
        Write(seal.S, bytes.AsSpan(32, 32));
        bytes[64] = seal.IsOdd ? (byte)1 : (byte)0;
        return RlpItem.Of(bytes);
    }

    private static void Write(BigInteger value, Span<byte> destination) =>
        _ = value.TryWriteBytes(destination[(32 - value.GetByteCount(isUnsigned: true))..], out _, isUnsigned: true, isBigEndian: true);
}
