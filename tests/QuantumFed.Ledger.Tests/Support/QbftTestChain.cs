using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>A chain of empty QBFT blocks, made as honest validators or others would.</summary>
internal sealed class QbftTestChain
{
    private static readonly byte[] MixHash = Convert.FromHexString("63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365");
    private readonly List<BlockEvidence> _blocks = [];

    public QbftTestChain(IEnumerable<LedgerAccount> validators) =>
        Append(new byte[20], QbftExtraData.Genesis(QbftValidators.Create(validators.Select(validator => validator.Address))), MixHash);

    public IReadOnlyList<BlockEvidence> Blocks => _blocks;

    /// <summary>The genesis file that its operators would hand out.</summary>
    public byte[] GenesisJson(string rules = "\"qbft\":{\"epochlength\":30000}") => System.Text.Encoding.UTF8.GetBytes(
        $$$"""{"config":{"chainId":20260,{{{rules}}}},"extraData":"0x{{{Convert.ToHexStringLower(ExtraDataOf(0).Encode())}}}"}""");

    public QbftGenesis Genesis() => QbftGenesis.TryParse(GenesisJson(), out QbftGenesis? genesis, out string? failure) ? genesis : throw new InvalidOperationException(failure);

    /// <summary>Adds a block that names some validators, and is sealed by others or the same.</summary>
    public QbftTestChain Add(LedgerAccount proposer, IEnumerable<LedgerAccount> validators, IEnumerable<LedgerAccount> signers, QbftVote? vote = null, byte[]? mixHash = null)
    {
        QbftExtraData open = QbftExtraData.Genesis(QbftValidators.Create(validators.Select(validator => validator.Address))).With(vote, round: 0);
        byte[] hash = Header(Encode(proposer.Address.ToArray(), open, mixHash ?? MixHash)).CommittedSealHash.ToArray();
        Append(proposer.Address.ToArray(), open.With(vote, 0, [.. signers.Select(signer => signer.SignHash(hash))]), mixHash ?? MixHash);
        return this;
    }

    /// <summary>The same for honest validators, who all seal.</summary>
    public QbftTestChain Add(LedgerAccount[] validators, int proposer = 0, QbftVote? vote = null) => Add(validators[proposer], validators, validators, vote);

    private QbftExtraData ExtraDataOf(int number) => Header(_blocks[number].Header.Encoded.ToArray()).ExtraData;

    private void Append(byte[] proposer, QbftExtraData extraData, byte[] mixHash) =>
        _blocks.Add(BlockHeader.TryParse(Encode(proposer, extraData, mixHash), out BlockHeader? header)
            ? BlockEvidence.Create(header, [], []) : throw new InvalidOperationException("The header does not parse."));

    private byte[] Encode(byte[] proposer, QbftExtraData extraData, byte[] mixHash)
    {
        byte[][] fields = QbftBlocks.Fields(extraData);
        byte[] none = MerklePatriciaTrie.RootOfList([]);
        (fields[2], fields[4], fields[5], fields[13]) = (proposer, none, none, mixHash);
        fields[8] = _blocks.Count == 0 ? [] : [(byte)_blocks.Count];
        if (_blocks.Count > 0)
            fields[0] = _blocks[^1].Hash.ToArray();
        return QbftBlocks.Encode(fields);
    }

    private static QbftHeader Header(byte[] encoded) =>
        QbftHeader.TryParse(encoded, out QbftHeader? header) ? header : throw new InvalidOperationException("The header does not parse.");
}
