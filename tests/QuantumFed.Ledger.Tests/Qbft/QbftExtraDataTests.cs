using System.Collections.Immutable;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class QbftExtraDataTests
{
    [Fact]
    public void The_literal_of_Besus_tests_is_read_and_written_again()
    {
        JsonElement literal = TestFiles.Shared("qbft-derived/qbft.json").GetProperty("besuLiteralExtraData");
        byte[] raw = TestFiles.Hex(literal.GetProperty("raw"));
        Assert.True(QbftExtraData.TryDecode(raw, out QbftExtraData? extraData));
        Assert.Equal(TestFiles.Hex(literal.GetProperty("decoded")[0]), extraData.Vanity.ToArray());
        Assert.Equal(
            literal.GetProperty("decoded")[1].EnumerateArray().Select(address => EthereumAddress.Parse(address.GetString()!)), extraData.Validators.Ascending);
        Assert.Equal(new QbftVote(EthereumAddress.Parse(literal.GetProperty("vote").GetProperty("recipient").GetString()!), Adds: true), extraData.Vote);
        Assert.Equal(literal.GetProperty("round").GetUInt32(), extraData.Round);
        Assert.Equal([new EcdsaSignature(1, 10, false), new EcdsaSignature(10, 1, false)], extraData.Seals);
        Assert.Equal(raw, extraData.Encode());
    }

    [Fact]
    public void A_genesis_of_four_validators_has_the_derived_124_bytes()
    {
        JsonElement derived = TestFiles.Shared("qbft-derived/qbft.json").GetProperty("derived");
        IEnumerable<EthereumAddress> validators = derived.GetProperty("validators").EnumerateArray().Select(address => EthereumAddress.Parse(address.GetString()!));
        byte[] encoded = QbftExtraData.Genesis(QbftValidators.Create(validators.Reverse())).Encode();
        Assert.Equal(TestFiles.Hex(derived.GetProperty("genesisExtraData")), encoded);
        Assert.Equal(124, encoded.Length);
    }

    // Besu's qbft-emptyextradata.json.
    [Fact]
    public void A_genesis_without_validators_has_Besus_bytes() => Assert.Equal(
        "e5a00000000000000000000000000000000000000000000000000000000000000000c0c080c0",
        Convert.ToHexStringLower(QbftExtraData.Genesis(QbftValidators.Create([])).Encode()));

    [Fact]
    public void What_is_written_is_read()
    {
        foreach (QbftExtraData written in Samples())
        {
            Assert.True(QbftExtraData.TryDecode(written.Encode(), out QbftExtraData? read));
            Assert.Equal(written.Vanity.ToArray(), read.Vanity.ToArray());
            Assert.Equal(written.Validators.Ascending, read.Validators.Ascending);
            Assert.Equal(written.Vote, read.Vote);
            Assert.Equal(written.Round, read.Round);
            Assert.Equal(written.Seals, read.Seals);
            Assert.Equal(written.Encode(), read.Encode());
        }
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        foreach (byte[] encoded in Samples().Select(sample => sample.Encode()))
        {
            for (int length = 0; length < encoded.Length; length++)
                Assert.False(QbftExtraData.TryDecode(encoded.AsMemory(0, length), out _));
            Assert.False(QbftExtraData.TryDecode((byte[])[.. encoded, 0], out _));
        }
    }

    [Fact]
    public void A_changed_byte_is_refused_or_kept()
    {
        foreach (byte[] encoded in Samples().Select(sample => sample.Encode()))
        {
            for (int i = 0; i < encoded.Length; i++)
            {
                byte[] changed = [.. encoded];
                changed[i] ^= (byte)(1 << (i % 8));
                if (QbftExtraData.TryDecode(changed, out QbftExtraData? read))
                    Assert.Equal(changed, read.Encode());
            }
        }
    }

    [Fact]
    public void Items_too_many_too_few_or_of_another_form_are_refused()
    {
        RlpItem vanity = RlpItem.Of(new byte[32]), none = RlpItem.List(), zero = RlpItem.Of(0UL), address = RlpItem.Of(new byte[20]), seal = RlpItem.Of(new byte[65]);
        byte[] highParity = new byte[65];
        highParity[64] = 27;
        RlpItem[] good = [vanity, RlpItem.List(address), RlpItem.List(address, RlpItem.Of([0xFF])), zero, RlpItem.List(seal)];
        Assert.True(Reads(good));
        Assert.True(Reads([.. good[..2], RlpItem.List(address, RlpItem.Of(Array.Empty<byte>())), .. good[3..]]));

        Assert.False(Reads([.. good, none]));
        Assert.False(Reads(good[..4]));
        Assert.False(Reads(RlpItem.Of(new byte[31]), good[1..]));
        Assert.False(Reads(RlpItem.Of(new byte[33]), good[1..]));
        Assert.False(Reads(none, good[1..]));
        foreach (RlpItem validators in (RlpItem[])[vanity, RlpItem.List(RlpItem.Of(new byte[19])), RlpItem.List(none), RlpItem.List(address, address)])
            Assert.False(Reads([vanity, validators, .. good[2..]]));
        foreach (RlpItem vote in (RlpItem[])
            [zero, RlpItem.List(address), RlpItem.List(address, RlpItem.Of([0x00])), RlpItem.List(address, RlpItem.Of([0x01])), RlpItem.List(address, none),
                RlpItem.List(address, RlpItem.Of([0xFF, 0xFF])), RlpItem.List(address, RlpItem.Of([0xFF]), zero), RlpItem.List(seal, RlpItem.Of([0xFF]))])
            Assert.False(Reads([.. good[..2], vote, .. good[3..]]));
        foreach (RlpItem round in (RlpItem[])[none, RlpItem.Of([0x00]), RlpItem.Of(new byte[] { 0, 1 }), RlpItem.Of(0x8000_0000UL)])
            Assert.False(Reads([.. good[..3], round, good[4]]));
        foreach (RlpItem seals in (RlpItem[])[seal, RlpItem.List(RlpItem.Of(new byte[64])), RlpItem.List(none), RlpItem.List(RlpItem.Of(highParity))])
            Assert.False(Reads([.. good[..4], seals]));
    }

    [Fact]
    public void Validators_out_of_order_are_refused()
    {
        RlpItem[] ascending = [.. new byte[] { 1, 2, 3 }.Select(last => RlpItem.Of((byte[])[.. new byte[19], last]))];
        RlpItem[] rest = [RlpItem.List(), RlpItem.Of(0UL), RlpItem.List()];
        Assert.True(Reads([RlpItem.Of(new byte[32]), RlpItem.List(ascending), .. rest]));
        Assert.False(Reads([RlpItem.Of(new byte[32]), RlpItem.List(ascending[0], ascending[2], ascending[1]), .. rest]));
    }

    [Fact]
    public void No_more_validators_or_seals_than_the_bound_are_read()
    {
        RlpItem[] validators = [.. Enumerable.Range(0, QbftValidators.MaxCount + 1).Select(i => RlpItem.Of((byte[])[.. new byte[18], (byte)(i >> 8), (byte)i]))];
        RlpItem[] seals = [.. Enumerable.Repeat(RlpItem.Of(new byte[65]), QbftValidators.MaxCount + 1)];
        RlpItem vanity = RlpItem.Of(new byte[32]), none = RlpItem.List(), zero = RlpItem.Of(0UL);
        Assert.True(Reads(vanity, RlpItem.List(validators[1..]), none, zero, RlpItem.List(seals[1..])));
        Assert.False(Reads(vanity, RlpItem.List(validators), none, zero, RlpItem.List(seals[1..])));
        Assert.False(Reads(vanity, RlpItem.List(validators[1..]), none, zero, RlpItem.List(seals)));
    }

    private static bool Reads(RlpItem first, RlpItem[] rest) => Reads([first, .. rest]);

    private static bool Reads(params RlpItem[] items) => QbftExtraData.TryDecode(RlpItem.List(items).Encode(), out _);

    private static IEnumerable<QbftExtraData> Samples()
    {
        foreach (int count in new[] { 0, 1, 4, 5 })
        {
            QbftExtraData genesis = QbftExtraData.Genesis(QbftValidators.Create(Enumerable.Range(0, count).Select(_ => RandomAddress())));
            yield return genesis;
            yield return genesis.With(new QbftVote(RandomAddress(), Adds: true), 1, RandomSeal());
            yield return genesis.With(new QbftVote(RandomAddress(), Adds: false), int.MaxValue, [.. Enumerable.Range(0, count).Select(_ => RandomSeal())]);
            yield return genesis.With(null, 127, new EcdsaSignature(0, 0, true));
        }
    }

    private static EthereumAddress RandomAddress() => new(RandomNumberGenerator.GetBytes(EthereumAddress.SizeInBytes));

    private static EcdsaSignature RandomSeal() => new(RandomNumber(), RandomNumber(), RandomNumber().IsEven);

    private static BigInteger RandomNumber() => new(RandomNumberGenerator.GetBytes(32), isUnsigned: true);
}
