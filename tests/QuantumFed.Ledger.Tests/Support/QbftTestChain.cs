using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>A chain of empty QBFT blocks, made as honest validators or others would.</summary>
internal sealed class QbftTestChain
{
    private static readonly byte[] MixHash = Convert.FromHexString("63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365");
    private readonly List<BlockEvidence> _blocks = [];

    /// <summary>A chain of block 0.</summary>
    /// <param name="validators">The first validators.</param>
    /// <param name="descending">Whether block 0 names them the other way round.</param>
    /// <param name="inGenesis">What somebody put into block 0.</param>
    public QbftTestChain(IEnumerable<LedgerAccount> validators, bool descending = false, SignedTransaction? inGenesis = null)
    {
        byte[] extraData = QbftExtraData.Genesis(QbftValidators.Create(validators.Select(validator => validator.Address))).Encode();
        Append(new byte[20], descending ? Descending(extraData) : extraData, MixHash, inGenesis);
    }

    public IReadOnlyList<BlockEvidence> Blocks => _blocks;

    /// <summary>The genesis file that its operators would hand out.</summary>
    public byte[] GenesisJson(string rules = "\"qbft\":{\"epochlength\":30000}") => System.Text.Encoding.UTF8.GetBytes(
        $$$"""{"config":{"chainId":20260,{{{rules}}}},"extraData":"0x{{{Convert.ToHexStringLower(QbftHashing.Read(_blocks[0].Header).ExtraData.Span)}}}"}""");

    public QbftGenesis Genesis(string rules = "\"qbft\":{\"epochlength\":30000}") => QbftGenesis.TryParse(GenesisJson(rules), out QbftGenesis? genesis, out string? failure) ? genesis : throw new InvalidOperationException(failure);

    /// <summary>Adds a block that names some validators, and is sealed by others or the same.</summary>
    public QbftTestChain Add(LedgerAccount proposer, IEnumerable<LedgerAccount> validators, IEnumerable<LedgerAccount> signers, QbftVote? vote = null, byte[]? mixHash = null)
    {
        QbftExtraData open = QbftExtraData.Genesis(QbftValidators.Create(validators.Select(validator => validator.Address))).With(vote, round: 0);
        byte[] hash = Header(Encode(proposer.Address.ToArray(), open.Encode(), mixHash ?? MixHash, [], [])).CommittedSealHash.ToArray();
        Append(proposer.Address.ToArray(), open.With(vote, 0, [.. signers.Select(signer => signer.SignHash(hash))]).Encode(), mixHash ?? MixHash);
        return this;
    }

    /// <summary>The same for honest validators, who all seal.</summary>
    public QbftTestChain Add(LedgerAccount[] validators, int proposer = 0, QbftVote? vote = null) => Add(validators[proposer], validators, validators, vote);

    private void Append(byte[] proposer, byte[] extraData, byte[] mixHash, SignedTransaction? content = null)
    {
        SignedTransaction[] transactions = content is null ? [] : [content];
        ReceiptContent[] receipts = [.. transactions.Select(transaction => new ReceiptContent(transaction.Request.Type, true, 21_000, new byte[256], []))];
        _blocks.Add(BlockHeader.TryParse(Encode(proposer, extraData, mixHash, transactions, receipts), out BlockHeader? header)
            ? BlockEvidence.Create(header, transactions, receipts) : throw new InvalidOperationException("The header does not parse."));
    }

    private byte[] Encode(byte[] proposer, byte[] extraData, byte[] mixHash, SignedTransaction[] transactions, ReceiptContent[] receipts)
    {
        byte[][] fields = QbftBlocks.Fields(QbftExtraData.Genesis(QbftValidators.Create([])));
        (fields[2], fields[12], fields[13]) = (proposer, extraData, mixHash);
        fields[4] = MerklePatriciaTrie.RootOfList([.. transactions.Select(transaction => transaction.Encoded)]);
        fields[5] = MerklePatriciaTrie.RootOfList([.. receipts.Select(receipt => (ReadOnlyMemory<byte>)receipt.Encode())]);
        fields[8] = _blocks.Count == 0 ? [] : [(byte)_blocks.Count];
        if (_blocks.Count > 0)
            fields[0] = _blocks[^1].Hash.ToArray();
        return QbftBlocks.Encode(fields);
    }

    private static byte[] Descending(byte[] extraData)
    {
        if (!RlpItem.TryDecode(extraData, out RlpItem? item))
            throw new InvalidOperationException("The extra data does not parse.");
        return RlpItem.List([item.Items[0], RlpItem.List([.. item.Items[1].Items.Reverse()]), .. item.Items.Skip(2)]).Encode();
    }

    private static QbftHeader Header(byte[] encoded) =>
        QbftHeader.TryParse(encoded, out QbftHeader? header) ? header : throw new InvalidOperationException("The header does not parse.");
}
