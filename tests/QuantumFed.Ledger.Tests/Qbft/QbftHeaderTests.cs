using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class QbftHeaderTests
{
    [Fact]
    public void The_derived_headers_hashes_come_out()
    {
        JsonElement derived = TestFiles.Shared("qbft-derived/qbft.json").GetProperty("derived");
        byte[] encoded = Encode([.. derived.GetProperty("headerFieldsInOrder").EnumerateArray().Select(TestFiles.Hex)]);
        Assert.True(QbftHeader.TryParse(encoded, out QbftHeader? header));
        Assert.Equal(TestFiles.Hex(derived.GetProperty("blockHash")), header.Hash.ToArray());
        Assert.Equal(TestFiles.Hex(derived.GetProperty("committedSealHash")), header.CommittedSealHash.ToArray());
        Assert.Equal(TestFiles.Hex(derived.GetProperty("keccakOfFullHeaderRlp_NOT_the_block_hash")), Keccak256.HashData(header.Encoded.Span));
        Assert.Equal(1UL, header.Number);
        Assert.Equal(derived.GetProperty("round").GetUInt32(), header.ExtraData.Round);
    }

    [Fact]
    public void The_derived_headers_seals_are_those_of_its_signers()
    {
        JsonElement derived = TestFiles.Shared("qbft-derived/qbft.json").GetProperty("derived");
        Assert.True(QbftHeader.TryParse(Encode([.. derived.GetProperty("headerFieldsInOrder").EnumerateArray().Select(TestFiles.Hex)]), out QbftHeader? header));
        QbftValidators pinned = QbftValidators.Create(Addresses(derived.GetProperty("validators")));
        QbftSealCheck check = QbftSealCheck.Of(header, pinned);
        Assert.Equal(Addresses(derived.GetProperty("recovered")).Order(), check.Signers);
        Assert.Equal((3, 0, true), (check.Required, check.ForeignSeals, check.HasQuorum));
    }

    // The archive and the audit know blocks by it, and the next block names it as its parent.
    [Fact]
    public void A_block_of_a_QBFT_network_is_known_by_its_QBFT_hash()
    {
        using LedgerAccount validator = LedgerAccount.Generate();
        QbftExtraData extraData = QbftExtraData.Genesis(QbftValidators.Create([validator.Address]));
        byte[][] fields = QbftBlocks.Fields(extraData.With(null, 2, new EcdsaSignature(1, 1, true)));
        fields[13] = Convert.FromHexString("63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365");
        Assert.True(BlockHeader.TryParse(Encode(fields), out BlockHeader? header));
        Assert.True(QbftHeader.TryParse(Encode(fields), out QbftHeader? qbft));
        Assert.Equal(qbft.Hash, header.Hash);
        Assert.NotEqual(Keccak256.DigestOf(header.Encoded.Span), header.Hash);
        // What only looks like it is another consensus's, and named as that names its blocks.
        fields[13] = new byte[32];
        Assert.True(BlockHeader.TryParse(Encode(fields), out header));
        Assert.Equal(Keccak256.DigestOf(header.Encoded.Span), header.Hash);
    }

    [Fact]
    public void A_header_of_another_consensus_is_no_QBFT_header()
    {
        byte[][] fields = QbftBlocks.Fields(QbftExtraData.Genesis(QbftValidators.Create([])));
        Assert.True(QbftHeader.TryParse(Encode(fields), out _));
        Assert.False(QbftHeader.TryParse(Encode([.. fields[..12], [], .. fields[13..]]), out _));
        Assert.False(QbftHeader.TryParse(Encode([.. fields[..12], new byte[32], .. fields[13..]]), out _));
        Assert.False(QbftHeader.TryParse(Encode(fields[..14]), out _));
        Assert.False(QbftHeader.TryParse(default, out _));
    }

    [Fact]
    public void The_hash_depends_on_every_field_but_round_and_seals()
    {
        using LedgerAccount validator = LedgerAccount.Generate();
        QbftExtraData extraData = QbftExtraData.Genesis(QbftValidators.Create([validator.Address]));
        QbftHeader header = QbftBlocks.Header(extraData);
        Assert.Equal(header.Hash, QbftBlocks.Header(extraData.With(null, 3, new EcdsaSignature(1, 1, true))).Hash);
        Assert.NotEqual(header.CommittedSealHash, QbftBlocks.Header(extraData.With(null, 3)).CommittedSealHash);
        Assert.Equal(header.CommittedSealHash, QbftBlocks.Header(extraData.With(null, 0, new EcdsaSignature(1, 1, true))).CommittedSealHash);
        Assert.NotEqual(header.Hash, QbftBlocks.Header(extraData.With(new QbftVote(validator.Address, Adds: false), 0)).Hash);
        Assert.NotEqual(header.Hash, QbftBlocks.Header(QbftExtraData.Genesis(QbftValidators.Create([]))).Hash);
        byte[][] fields = QbftBlocks.Fields(extraData);
        for (int i = 0; i < fields.Length; i++)
        {
            if (i == 12)
                continue;
            byte[][] changed = [.. fields];
            changed[i] = [.. fields[i]];
            if (changed[i].Length == 0)
                changed[i] = [1];
            else
                changed[i][^1] ^= 2;
            Assert.True(QbftHeader.TryParse(Encode(changed), out QbftHeader? other));
            Assert.NotEqual(header.Hash, other.Hash);
            Assert.NotEqual(header.CommittedSealHash, other.CommittedSealHash);
        }
    }

    private static byte[] Encode(byte[][] fields) => QbftBlocks.Encode(fields);

    private static IEnumerable<EthereumAddress> Addresses(JsonElement list) => list.EnumerateArray().Select(address => EthereumAddress.Parse(address.GetString()!));
}
