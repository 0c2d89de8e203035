using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// A federation's rounds on the ledger: reads them, and takes steps with one account. A step that already stands on the ledger, with the
/// same content and by the same member, is not an error: its receipt says so. Thread-safe.
/// </summary>
/// <remarks>
/// All steps throw <see cref="LedgerRejectedException"/> if the contract refuses, <see cref="LedgerUnavailableException"/> if the outcome
/// is not known (taking the step again is safe), <see cref="InvalidOperationException"/> without an account.
/// </remarks>
public sealed class RoundLedger : IDisposable
{
    private static readonly ContractAbi Abi = ContractArtifact.RoundLedger.Abi;

    private readonly EthereumNode _node;
    private readonly TransactionSender? _sender;

    private RoundLedger(EthereumNode node, LedgerDeployment deployment, TransactionSender? sender)
    {
        _node = node;
        _sender = sender;
        Deployment = deployment;
    }

    /// <summary>Where the contracts are.</summary>
    public LedgerDeployment Deployment { get; }

    /// <summary>A ledger read through a node, and written with an account if one is given. Neither is disposed with it.</summary>
    public static RoundLedger Create(
        JsonRpcClient client, LedgerDeployment deployment, LedgerAccount? account, TimeProvider time, TransactionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(time);
        EthereumNode node = new(client);
        return new RoundLedger(
            node, deployment, account is null ? null : new TransactionSender(node, account, deployment.ChainId, time, options ?? new TransactionOptions()));
    }

    /// <summary>Sends again what an earlier process signed and did not see in a block. The first step does it too.</summary>
    /// <returns>What became of each.</returns>
    public Task<IReadOnlyList<ResumedTransaction>> ResumeAsync(CancellationToken cancellationToken) => Sender.ResumeAsync(cancellationToken);

    /// <summary>Opens the next round (the coordinator). The deadline is in Unix seconds.</summary>
    public Task<LedgerReceipt> OpenRoundAsync(
        RoundId round, Digest planHash, Digest previousModelHash, ulong commitDeadline, int minParticipants, Digest signatureHash, CancellationToken cancellationToken) =>
        TakeAsync(
            "openRound", "RoundOpened", cancellationToken, round.Value, planHash, previousModelHash, commitDeadline, (ulong)checked((ushort)minParticipants), signatureHash);

    /// <summary>Commits this account's update (a member).</summary>
    public Task<LedgerReceipt> CommitUpdateAsync(RoundId round, Digest commitment, Digest signatureHash, CancellationToken cancellationToken) =>
        TakeAsync("commitUpdate", "UpdateCommitted", cancellationToken, round.Value, commitment, signatureHash);

    /// <summary>Freezes the commitments (anyone of the consortium). It has been done whoever did it.</summary>
    /// <param name="round">The round.</param>
    /// <param name="activeMembers">
    /// Empty, unless the registry has changed since the round was opened and the deadline has not passed: then all members active now, in any order.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<LedgerReceipt> FreezeCommitmentsAsync(RoundId round, IEnumerable<EthereumAddress> activeMembers, CancellationToken cancellationToken) =>
        TakeAsync("freezeCommitments", "CommitmentsFrozen", cancellationToken, round.Value, activeMembers.Order().Select(member => (object)member).ToArray());

    /// <summary>Fixes the set (the coordinator). Both lists are put in the contract's order here.</summary>
    public Task<LedgerReceipt> CloseRoundAsync(
        RoundId round, IEnumerable<EthereumAddress> participants, IEnumerable<RoundExclusion> exclusions, Digest setHash, Digest signatureHash, CancellationToken cancellationToken)
    {
        RoundExclusion[] excluded = [.. exclusions.OrderBy(exclusion => exclusion.Member)];
        return TakeAsync(
            "closeRound",
            "RoundClosed",
            cancellationToken,
            round.Value,
            participants.Order().Select(member => (object)member).ToArray(),
            excluded.Select(exclusion => (object)exclusion.Member).ToArray(),
            excluded.Select(exclusion => (object)(ulong)exclusion.Reason).ToArray(),
            setHash,
            signatureHash);
    }

    /// <summary>Ends a closed round with a new model (the coordinator).</summary>
    public Task<LedgerReceipt> FinalizeRoundAsync(
        RoundId round, Digest transcriptRoot, Digest modelHash, Digest metadataHash, Digest signatureHash, CancellationToken cancellationToken) =>
        TakeAsync("finalizeRound", "RoundFinalized", cancellationToken, round.Value, transcriptRoot, modelHash, metadataHash, signatureHash);

    /// <summary>Ends a closed round that did not decode (the coordinator).</summary>
    public Task<LedgerReceipt> FailRoundAsync(RoundId round, Digest transcriptRoot, Digest signatureHash, CancellationToken cancellationToken) =>
        TakeAsync("failRound", "RoundFailed", cancellationToken, round.Value, transcriptRoot, signatureHash);

    /// <summary>Attests to a finalized round's model (a member that committed).</summary>
    public Task<LedgerReceipt> AttestAsync(RoundId round, Digest modelHash, Digest signatureHash, CancellationToken cancellationToken) =>
        TakeAsync("attest", "RoundAttested", cancellationToken, round.Value, modelHash, signatureHash);

    /// <summary>Disputes a closed round (a member that committed).</summary>
    public Task<LedgerReceipt> DisputeAsync(RoundId round, Digest evidenceHash, Digest signatureHash, CancellationToken cancellationToken) =>
        TakeAsync("dispute", "RoundDisputed", cancellationToken, round.Value, evidenceHash, signatureHash);

    /// <summary>Says that this account's quantum link gave it no key in a round that is not over (a member, once), by its signed report.</summary>
    public Task<LedgerReceipt> ReportLinkAsync(RoundId round, LinkOutcome outcome, Digest reportHash, Digest signatureHash, CancellationToken cancellationToken) =>
        TakeAsync("reportLink", "LinkReported", cancellationToken, round.Value, (ulong)outcome, reportHash, signatureHash);

    /// <summary>Abandons a round before it is closed (the coordinator; a member from an hour after the deadline). The reason is 1 to 255.</summary>
    public Task<LedgerReceipt> AbandonRoundAsync(RoundId round, byte reason, Digest signatureHash, CancellationToken cancellationToken) =>
        TakeAsync("abandonRound", "RoundAbandoned", cancellationToken, round.Value, (ulong)reason, signatureHash);

    /// <summary>Fixes the minutes of a key ceremony (the coordinator or a member, the same minutes once).</summary>
    public Task<LedgerReceipt> RecordCeremonyAsync(CeremonyKind kind, Digest minutesHash, Digest signatureHash, CancellationToken cancellationToken) =>
        TakeAsync("recordCeremony", "KeyCeremonyRecorded", cancellationToken, (ulong)kind, minutesHash, signatureHash);

    /// <summary>The key ceremonies that were recorded, in the chain's order.</summary>
    public async Task<IReadOnlyList<CeremonyRecord>> ReadCeremoniesAsync(CancellationToken cancellationToken)
    {
        ulong head = await _node.BlockNumberAsync(cancellationToken).ConfigureAwait(false);
        List<CeremonyRecord> ceremonies = [];
        foreach (ChainLog entry in await new LogPages(_node).ReadAsync([Deployment.Rounds], null, 0, head, cancellationToken).ConfigureAwait(false))
        {
            if (Abi.TryDecodeEvent(entry.Log.Topics, entry.Log.Data.Span, out AbiValues? @event) && @event.Name == "KeyCeremonyRecorded")
                ceremonies.Add(CeremonyRecord.Of(@event, entry.TransactionHash, entry.BlockNumber));
        }
        return ceremonies;
    }

    /// <summary>All the ledger says of a round; null if it was never opened.</summary>
    public async Task<RoundRecord?> ReadRoundAsync(RoundId round, CancellationToken cancellationToken)
    {
        object[] stored = (object[])(await ViewAsync("round", cancellationToken, round.Value).ConfigureAwait(false))[0];
        // The struct's order: phase, commitDeadline, openedBlock, lastBlock, minParticipants, committedCount, ...
        RoundPhase phase = (RoundPhase)(int)(ulong)stored[0];
        if (phase == RoundPhase.None)
            return null;
        RoundRecordBuilder builder = new(round);
        foreach (ChainLog entry in await LogsAsync(round, (ulong)stored[2], (ulong)stored[3], cancellationToken).ConfigureAwait(false))
        {
            if (!Abi.TryDecodeEvent(entry.Log.Topics, entry.Log.Data.Span, out AbiValues? @event)
                || !builder.TryApply(@event, entry.TransactionHash, entry.BlockNumber))
                throw new LedgerUnavailableException($"The node tells of round {round} what the contract cannot have said.");
        }
        // The state was read first and bounds the blocks asked for, so a step in between cannot make the two differ.
        return builder.Phase == phase && (ulong)builder.CommitmentCount == (ulong)stored[5]
            ? builder.Build()
            : throw new LedgerUnavailableException($"The node's events of round {round} do not lead to the state it tells.");
    }

    /// <summary>The number the next round will have.</summary>
    public async Task<ulong> NextRoundAsync(CancellationToken cancellationToken) =>
        (ulong)(await ViewAsync("nextRound", cancellationToken).ConfigureAwait(false))[0];

    /// <summary>SHA-256 of the newest model.</summary>
    public async Task<Digest> CurrentModelHashAsync(CancellationToken cancellationToken) =>
        (Digest)(await ViewAsync("currentModelHash", cancellationToken).ConfigureAwait(false))[0];

    /// <summary>The number of the newest block: what to ask where only a new block would change the answer to more.</summary>
    public Task<ulong> BlockNumberAsync(CancellationToken cancellationToken) => _node.BlockNumberAsync(cancellationToken);

    /// <summary>The newest block.</summary>
    public async Task<LedgerHead> HeadAsync(CancellationToken cancellationToken)
    {
        BlockHeader header = await HeaderAsync("latest", cancellationToken).ConfigureAwait(false);
        return new LedgerHead(header.Number, header.Hash, header.Timestamp);
    }

    /// <summary>The hash of the first block: what tells this chain from another with the same id.</summary>
    public async Task<Digest> GenesisHashAsync(CancellationToken cancellationToken) =>
        (await HeaderAsync("0x0", cancellationToken).ConfigureAwait(false)).Hash;

    /// <summary>The hash of a block; null if the chain is not that long: a chain younger than what was seen before has lost something.</summary>
    public async Task<Digest?> BlockHashAsync(ulong number, CancellationToken cancellationToken) =>
        (await _node.HeaderAsync(RpcJson.Quantity(number), cancellationToken).ConfigureAwait(false))?.Hash;

    /// <summary>Ends the use of the account.</summary>
    public void Dispose() => _sender?.Dispose();

    private TransactionSender Sender => _sender ?? throw new InvalidOperationException("This ledger was opened without an account: it can only be read.");

    private async Task<BlockHeader> HeaderAsync(string block, CancellationToken cancellationToken) =>
        await _node.HeaderAsync(block, cancellationToken).ConfigureAwait(false) ?? throw new LedgerUnavailableException($"The node has no block {block}.");

    private async Task<LedgerReceipt> TakeAsync(string function, string eventName, CancellationToken cancellationToken, params object[] arguments)
    {
        byte[] call = Abi.Function(function).EncodeCall(arguments);
        try
        {
            TransactionReceipt receipt = await Sender.SendAsync(Deployment.Rounds, call, cancellationToken).ConfigureAwait(false);
            return LedgerReceipt.Of(receipt, alreadyApplied: false);
        }
        catch (LedgerRejectedException)
        {
            // Refused, perhaps, because it stands there already: an earlier attempt whose answer was lost, or before a restart.
            if (await FindAsync(call, eventName, cancellationToken).ConfigureAwait(false) is { } applied)
                return LedgerReceipt.Of(applied, alreadyApplied: true);
            throw;
        }
    }

    private async Task<TransactionReceipt?> FindAsync(byte[] callData, string eventName, CancellationToken cancellationToken)
    {
        if (!Abi.TryDecodeCall(callData, out AbiValues? call))
            throw new InvalidOperationException("A call that was just encoded does not decode.");
        if (!call.TryGet("roundId", out object? number))
        {
            // Not of a round: a ceremony, which stands under the account that held it.
            ulong head = await _node.BlockNumberAsync(cancellationToken).ConfigureAwait(false);
            return await FindAsync(call, eventName, new Digest(AbiCodec.EncodeWord(AbiType.Parse("address"), Sender.Address)), 0, head, cancellationToken).ConfigureAwait(false);
        }
        RoundId round = new((ulong)number!);
        object[] stored = (object[])(await ViewAsync("round", cancellationToken, round.Value).ConfigureAwait(false))[0];
        if ((ulong)stored[0] == (ulong)RoundPhase.None)
            return null;
        return await FindAsync(call, eventName, TopicOf(round), (ulong)stored[2], (ulong)stored[3], cancellationToken).ConfigureAwait(false);
    }

    private async Task<TransactionReceipt?> FindAsync(
        AbiValues call, string eventName, Digest topic, ulong fromBlock, ulong toBlock, CancellationToken cancellationToken)
    {
        foreach (ChainLog entry in await new LogPages(_node).ReadAsync([Deployment.Rounds], topic, fromBlock, toBlock, cancellationToken).ConfigureAwait(false))
        {
            if (Abi.TryDecodeEvent(entry.Log.Topics, entry.Log.Data.Span, out AbiValues? @event) && @event.Name == eventName && @event.AgreesWith(call)
                && (!@event.TryGet("member", out object? member) || Sender.Address.Equals(member)))
                return await Sender.AwaitFinalAsync(entry.TransactionHash, cancellationToken).ConfigureAwait(false);
        }
        return null;
    }

    private Task<IReadOnlyList<ChainLog>> LogsAsync(RoundId round, ulong fromBlock, ulong toBlock, CancellationToken cancellationToken) =>
        new LogPages(_node).ReadAsync([Deployment.Rounds], TopicOf(round), fromBlock, toBlock, cancellationToken);

    private async Task<object[]> ViewAsync(string function, CancellationToken cancellationToken, params object[] arguments)
    {
        AbiEntry entry = Abi.Function(function);
        byte[] answer = await _node.CallAsync(null, Deployment.Rounds, entry.EncodeCall(arguments), "latest", cancellationToken).ConfigureAwait(false);
        return AbiCodec.TryDecode(entry.Outputs, answer, out object[]? values)
            ? values
            : throw new LedgerUnavailableException($"No RoundLedger answers at {Deployment.Rounds}: is this the right chain?");
    }

    internal static Digest TopicOf(RoundId round) => new(AbiCodec.EncodeWord(AbiType.Parse("uint64"), round.Value));
}
