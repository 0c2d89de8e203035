using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// A chain rebuilt from archived blocks, with no node: every block hangs on the one before, carries exactly the transactions and receipts
/// its header commits to, and every transaction's sender is recovered from its signature. Immutable.
/// </summary>
/// <remarks>
/// What this cannot know is whether it is the consortium's chain: compare <see cref="GenesisHash"/> and <see cref="Head"/> with what the
/// members pinned and co-signed. Whoever may make blocks can make another chain that verifies, but with no member's transactions in it.
/// </remarks>
public sealed class OfflineChain
{
    private readonly ImmutableArray<OfflineTransaction> _transactions;

    private readonly ImmutableArray<Digest> _hashes;

    private OfflineChain(ulong chainId, BlockHeader head, ImmutableArray<Digest> hashes, ImmutableArray<OfflineTransaction> transactions)
    {
        ChainId = chainId;
        Head = new LedgerHead(head.Number, head.Hash, head.Timestamp);
        _hashes = hashes;
        _transactions = transactions;
    }

    /// <summary>The chain's id, which every transaction was signed for.</summary>
    public ulong ChainId { get; }

    /// <summary>The hash of block 0.</summary>
    public Digest GenesisHash => _hashes[0];

    /// <summary>The last block: nothing after it is known.</summary>
    public LedgerHead Head { get; }

    internal ImmutableArray<OfflineTransaction> Transactions => _transactions;

    /// <summary>The hash of a block; null if the archive does not reach that far.</summary>
    public Digest? BlockHash(ulong number) => number < (ulong)_hashes.Length ? _hashes[(int)number] : null;

    /// <summary>Checks blocks from 0 on, without a gap; <see langword="false"/>, and why, at the first thing that is wrong.</summary>
    public static bool TryVerify(
        IReadOnlyList<BlockEvidence> blocks, ulong expectedChainId, [NotNullWhen(true)] out OfflineChain? chain, [NotNullWhen(false)] out string? failure)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        chain = null;
        failure = blocks.Count == 0 ? "There are no blocks." : FindBrokenBlock(blocks);
        ImmutableArray<OfflineTransaction>.Builder transactions = ImmutableArray.CreateBuilder<OfflineTransaction>();
        for (int i = 0; failure is null && i < blocks.Count; i++)
            failure = ReadTransactions(blocks[i], expectedChainId, transactions);
        if (failure is not null)
            return false;
        chain = new OfflineChain(expectedChainId, blocks[^1].Header, [.. blocks.Select(block => block.Hash)], transactions.ToImmutable());
        return true;
    }

    /// <summary>
    /// The charter the contracts were created with; <see langword="false"/>, and why, if they were not created on this chain, from other code,
    /// or with arguments that make no charter.
    /// </summary>
    public bool TryReadCharter(
        LedgerDeployment deployment, [NotNullWhen(true)] out ConsortiumCharter? charter, [NotNullWhen(false)] out string? failure)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        charter = null;
        failure = null;
        if (deployment.ChainId != ChainId)
            failure = $"The deployment is for chain {deployment.ChainId}, these blocks are of chain {ChainId}.";
        else if (!TryReadCreation(deployment.Registry, ContractArtifact.ConsortiumRegistry, out AbiValues? registry))
            failure = $"No registry was created at {deployment.Registry}.";
        else if (!TryReadCreation(deployment.Rounds, ContractArtifact.RoundLedger, out AbiValues? rounds)
            || rounds.Address("registry_") != deployment.Registry)
            failure = $"No round ledger of that registry was created at {deployment.Rounds}.";
        else if (!TryMakeCharter(registry, rounds.Hash("initialModelHash_"), out charter))
            failure = $"The registry at {deployment.Registry} was created without a valid charter.";
        return failure is null && charter is not null;
    }

    /// <summary>The registry's history, the same a live node gives; <see langword="false"/>, and why, if calls and events do not fit each other, the charter or its rules.</summary>
    public bool TryReadRegistry(
        LedgerDeployment deployment, [NotNullWhen(true)] out OfflineRegistry? registry, [NotNullWhen(false)] out string? failure)
    {
        registry = null;
        return TryReadCharter(deployment, out _, out failure) && new OfflineRegistryReader(this, deployment).TryRead(out registry, out failure);
    }

    /// <summary>
    /// A round's record, the same a live node gives; null if the round was never opened. <see langword="false"/>, and why, if calls and events do
    /// not fit each other, the charter, or the contract's rules.
    /// </summary>
    public bool TryReadRound(RoundId round, LedgerDeployment deployment, out RoundRecord? record, [NotNullWhen(false)] out string? failure)
    {
        record = null;
        return TryReadCharter(deployment, out ConsortiumCharter? charter, out failure)
            && TryReadRegistry(deployment, out OfflineRegistry? registry, out failure)
            && new OfflineRoundReader(this, deployment, charter, registry).TryRead(round, out record, out failure);
    }

    /// <summary>
    /// All rounds, from 0. Besides what <see cref="TryReadRound"/> checks: they are numbered without a gap, each starts from the model the one
    /// before left, and the history's hash chain comes out.
    /// </summary>
    public bool TryReadRounds(
        LedgerDeployment deployment, out ImmutableArray<RoundRecord> records, [NotNullWhen(false)] out string? failure)
    {
        records = [];
        return TryReadCharter(deployment, out ConsortiumCharter? charter, out failure)
            && TryReadRegistry(deployment, out OfflineRegistry? registry, out failure)
            && new OfflineRoundReader(this, deployment, charter, registry).TryReadAll(out records, out failure);
    }

    /// <summary>The key ceremonies, in the chain's order; <see langword="false"/>, and why, if one is not told by the account that sent it.</summary>
    public bool TryReadCeremonies(
        LedgerDeployment deployment, out ImmutableArray<CeremonyRecord> ceremonies, [NotNullWhen(false)] out string? failure)
    {
        ceremonies = [];
        return TryReadCharter(deployment, out ConsortiumCharter? charter, out failure)
            && TryReadRegistry(deployment, out OfflineRegistry? registry, out failure)
            && new OfflineRoundReader(this, deployment, charter, registry).TryReadCeremonies(out ceremonies, out failure);
    }

    private static string? FindBrokenBlock(IReadOnlyList<BlockEvidence> blocks)
    {
        for (int i = 0; i < blocks.Count; i++)
        {
            BlockHeader header = blocks[i].Header;
            if (header.Number != (ulong)i)
                return $"Block {header.Number} stands where block {i} belongs.";
            if (i == 0 ? !header.ParentHash.IsZero : header.ParentHash != blocks[i - 1].Hash)
                return $"Block {i} does not follow the block before it.";
            if (i > 0 && header.Timestamp < blocks[i - 1].Header.Timestamp)
                return $"Block {i} is older than the block before it.";
            if (!blocks[i].HasItsRoots())
                return $"Block {i} carries other transactions or receipts than its header commits to.";
            if (blocks[i].RawTransactions.Count != blocks[i].RawReceipts.Count)
                return $"Block {i} has not one receipt for each transaction.";
        }
        return null;
    }

    private static string? ReadTransactions(BlockEvidence block, ulong chainId, ImmutableArray<OfflineTransaction>.Builder transactions)
    {
        for (int i = 0; i < block.RawTransactions.Count; i++)
        {
            if (!SignedTransaction.TryParse(block.RawTransactions[i], out SignedTransaction? transaction)
                || !ReceiptContent.TryParse(block.RawReceipts[i], out ReceiptContent? receipt)
                || receipt.Type != transaction.Request.Type)
                return $"Transaction {i} of block {block.Number} or its receipt cannot be read.";
            if (transaction.Request.ChainId is ulong id && id != chainId)
                return $"Transaction {i} of block {block.Number} was signed for chain {id}, not {chainId}.";
            if (!transaction.TryRecoverSender(out EthereumAddress sender))
                return $"Transaction {i} of block {block.Number} was signed by nobody.";
            transactions.Add(new OfflineTransaction(block.Header, transaction, sender, receipt));
        }
        return null;
    }

    private bool TryReadCreation(EthereumAddress contract, ContractArtifact artifact, [NotNullWhen(true)] out AbiValues? arguments)
    {
        arguments = null;
        OfflineTransaction? creation = _transactions.FirstOrDefault(transaction =>
            transaction.Transaction.Request.To is null && transaction.Receipt.Succeeded
            && EthereumAddress.OfContract(transaction.Sender, transaction.Transaction.Request.Nonce) == contract);
        if (creation is null)
            return false;
        ReadOnlySpan<byte> data = creation.Transaction.Request.Data.Span;
        return data.StartsWith(artifact.CreationCode) && artifact.Abi.Constructor.TryDecodeInputs(data[artifact.CreationCode.Length..], out arguments);
    }

    private static bool TryMakeCharter(AbiValues registry, Digest initialModelHash, [NotNullWhen(true)] out ConsortiumCharter? charter)
    {
        charter = null;
        object[][] founders = [.. registry.List("founders").Cast<object[]>()];
        // The coordinator first, then the members: the order in which this program deploys them.
        if (founders.Length == 0 || founders.Where((founder, i) => (ulong)founder[1] != (ulong)(i == 0 ? PartyRole.Coordinator : PartyRole.Member)).Any())
            return false;
        CharterParty[] parties = [.. founders.Select(founder => new CharterParty((EthereumAddress)founder[0], (Digest)founder[2], (Digest)founder[3]))];
        object[] rules = registry.List("rules");
        return ConsortiumCharter.TryCreate(
            new FederationId(registry.Hash("federationId_")),
            registry.Hash("agreementHash_"),
            parties[0],
            parties[1..],
            new VotingRules((int)(ulong)rules[0], (int)(ulong)rules[1], TimeSpan.FromSeconds((long)(ulong)rules[2])),
            initialModelHash,
            out charter,
            out _);
    }
}
