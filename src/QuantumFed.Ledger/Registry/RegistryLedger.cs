using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// A consortium's registry on the ledger: reads its whole history, and proposes, votes and executes with one account. What already stands there, by
/// the same account with the same content, is not an error: its receipt says so. Thread-safe.
/// </summary>
/// <remarks>
/// All steps throw <see cref="LedgerRejectedException"/> if the contract refuses, <see cref="LedgerUnavailableException"/> if the outcome
/// is not known (taking the step again is safe), <see cref="InvalidOperationException"/> without an account.
/// </remarks>
public sealed class RegistryLedger : IDisposable
{
    private static readonly ContractAbi Abi = ContractArtifact.ConsortiumRegistry.Abi;

    private readonly EthereumNode _node;
    private readonly TransactionSender? _sender;

    private RegistryLedger(EthereumNode node, LedgerDeployment deployment, TransactionSender? sender)
    {
        _node = node;
        _sender = sender;
        Deployment = deployment;
    }

    /// <summary>Where the contracts are.</summary>
    public LedgerDeployment Deployment { get; }

    /// <summary>A registry read through a node, and changed with an account if one is given. Neither is disposed with it.</summary>
    public static RegistryLedger Create(
        JsonRpcClient client, LedgerDeployment deployment, LedgerAccount? account, TimeProvider time, TransactionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(time);
        EthereumNode node = new(client);
        return new RegistryLedger(
            node, deployment, account is null ? null : new TransactionSender(node, account, deployment.ChainId, time, options ?? new TransactionOptions()));
    }

    /// <summary>How many changes were applied so far: what to ask where only a change would make the history longer.</summary>
    public async Task<ulong> VersionAsync(CancellationToken cancellationToken)
    {
        AbiEntry entry = Abi.Function("version");
        byte[] answer = await _node.CallAsync(null, Deployment.Registry, entry.EncodeCall(), "latest", cancellationToken).ConfigureAwait(false);
        return AbiCodec.TryDecode(entry.Outputs, answer, out object[]? values)
            ? (ulong)values[0]
            : throw new LedgerUnavailableException($"No ConsortiumRegistry answers at {Deployment.Registry}: is this the right chain?");
    }

    /// <summary>The registry from its founding to the newest block.</summary>
    /// <exception cref="LedgerUnavailableException">The node tells what the contract cannot have said, or gives no usable answer.</exception>
    public async Task<RegistryHistory> ReadAsync(CancellationToken cancellationToken)
    {
        ulong head = await _node.BlockNumberAsync(cancellationToken).ConfigureAwait(false);
        RegistryBuilder builder = new();
        foreach (ChainLog entry in await new LogPages(_node).ReadAsync([Deployment.Registry], null, 0, head, cancellationToken).ConfigureAwait(false))
        {
            if (!Abi.TryDecodeEvent(entry.Log.Topics, entry.Log.Data.Span, out AbiValues? @event)
                || !builder.TryApply(@event, entry.TransactionHash, entry.BlockNumber))
                throw new LedgerUnavailableException($"The node tells of the registry {Deployment.Registry} what the contract cannot have said.");
        }
        return builder.Build() ?? throw new LedgerUnavailableException($"The node has no registry at {Deployment.Registry}: is this the right chain?");
    }

    /// <summary>The ML-DSA signature that a proposal or a vote carries in its transaction; null if the node does not have it, or it carries none.</summary>
    public async Task<byte[]?> SignatureOfAsync(LedgerStep step, CancellationToken cancellationToken) =>
        await _node.TransactionAsync(step.TransactionHash, cancellationToken).ConfigureAwait(false) is { } transaction
        && transaction.Hash == step.TransactionHash && Abi.TryDecodeCall(transaction.Request.Data.Span, out AbiValues? call)
        && call.TryGet("signature", out object? signature) && Digest.Of((byte[])signature!) == step.SignatureHash
            ? (byte[])signature!
            : null;

    /// <summary>
    /// Checks that the changes from a version on were decided under ML-DSA: each executed proposal is signed by its proposer, and enough of its yes votes by
    /// their voters. The contract counts votes by accounts, and knows nothing of these signatures; a change that rests on accounts alone is not acted on, unless
    /// people accepted just that one.
    /// </summary>
    /// <param name="agreement">The agreement, with the founders' keys.</param>
    /// <param name="history">The registry.</param>
    /// <param name="from">The newest version that is known to be right; 0 is the founding.</param>
    /// <param name="accepted">What this party's people accepted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The changes that were not decided by signatures and are accepted.</returns>
    /// <exception cref="LedgerMismatchException">A change was neither decided by signatures of the members nor accepted; an acceptance names another transaction, or what was not executed.</exception>
    public async Task<IReadOnlyList<UnsignedChange>> VerifyVotesAsync(
        ConsortiumAgreement agreement, RegistryHistory history, ulong from, AcceptedProposals accepted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agreement);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(accepted);
        foreach ((AcceptedProposal entry, ProposalRecord other) in accepted.OfOtherTransactions(history))
            throw new LedgerMismatchException(
                $"The settings accept {entry} (acceptedProposals), but what executed proposal {entry.Number} is transaction 0x{other.Execution!.Step.TransactionHash}: "
                + "a slip, or not the ledger that the consortium spoke of. See qf ledger proposals --json --settings FILE.");
        // Who executes a proposal can name its transaction beforehand, and decide afterwards what the proposal says.
        foreach (AcceptedProposal entry in accepted.NotExecuted(history))
            throw new LedgerMismatchException(
                $"The settings accept {entry} (acceptedProposals), but this ledger has not executed proposal {entry.Number}, and nothing is accepted before it happened: "
                + "a slip, another ledger, or a node that is behind. See qf ledger proposals --json --settings FILE.");
        List<UnsignedChange> unsigned = [];
        foreach (ProposalRecord proposal in history.Proposals.Where(proposal => proposal.Execution?.Version > from))
        {
            (bool proposed, VoteRecord[] signed) = await SignedAsync(agreement, history, proposal, cancellationToken).ConfigureAwait(false);
            if (!proposed || !proposal.IsDecidedBy(history, signed))
                unsigned.Add(new UnsignedChange(proposal, proposed, [.. signed]));
        }
        UnsignedChange[] refused = [.. unsigned.Where(change => !accepted.Includes(change.Proposal))];
        return refused.Length == 0 ? unsigned : throw new LedgerMismatchException(Refusal(new PartyDirectory(agreement), refused, accepted));
    }

    // All at once, with the whole setting: people agree on it once, and copy it.
    private static string Refusal(PartyDirectory parties, UnsignedChange[] refused, AcceptedProposals accepted)
    {
        IEnumerable<string> changes =
            from change in refused
            let proposal = change.Proposal
            select $"Registry version {proposal.Execution!.Version} (proposal {proposal.Number}: {ProposalText.Of(parties, proposal.Change, proposal.Account, proposal.Role)}) "
                + $"was not decided by signatures of the members: {change.Shortfall(parties)}.";
        IEnumerable<AcceptedProposal> entries = accepted.All.Concat(refused.Select(change => AcceptedProposal.Of(change.Proposal)));
        return $"{string.Join(' ', changes)} No party acts on that by itself. Look at it first: qf ledger proposals --json --settings FILE. "
            + "Only if the consortium has agreed by other means to go on under it, every party sets "
            + $"\"acceptedProposals\": [{string.Join(", ", entries.Select(entry => $"\"{entry}\""))}] in its settings.json and starts again.";
    }

    /// <summary>
    /// Checks before a proposal is executed that it would not rest on accounts alone: once executed, no node would go on (<see cref="VerifyVotesAsync"/>).
    /// </summary>
    /// <exception cref="LedgerMismatchException">The votes are enough for the contract, and those signed under ML-DSA are not.</exception>
    public async Task VerifyVotesBeforeAsync(ConsortiumAgreement agreement, RegistryHistory history, ProposalRecord proposal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agreement);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(proposal);
        // As if it were executed now, which is what the check afterwards would see.
        RegistryState now = history.Current;
        (int yes, int no) = proposal.Tally(now);
        if (!history.Rules.AreMet(yes, no, now.ActiveMembers.Count()))
            return;
        ProposalRecord executed = proposal with { Execution = new ProposalExecution(default, yes, no, now.ActiveMembers.Count(), now.Version + 1, default) };
        (bool proposed, VoteRecord[] signed) = await SignedAsync(agreement, history, proposal, cancellationToken).ConfigureAwait(false);
        if (!proposed || !executed.IsDecidedBy(history, signed))
            throw new LedgerMismatchException(
                $"Proposal {proposal.Number} has its votes by accounts, but {(proposed ? $"only {signed.Length} yes votes are signed under ML-DSA" : "its proposer did not sign it under ML-DSA")}. "
                + "It was not executed: no party would act on it.");
    }

    // Whether the proposer signed, and the yes votes whose voters did.
    private async Task<(bool IsProposed, VoteRecord[] Votes)> SignedAsync(
        ConsortiumAgreement agreement, RegistryHistory history, ProposalRecord proposal, CancellationToken cancellationToken)
    {
        PartyDirectory parties = new(agreement);
        bool proposed = await IsSignedAsync(proposal.Words(agreement.Federation, Deployment), proposal.Proposer, proposal.Version, proposal.Step).ConfigureAwait(false);
        List<VoteRecord> signed = [];
        foreach (VoteRecord vote in proposal.Votes.Where(vote => vote.Support))
        {
            if (await IsSignedAsync(proposal.Ballot(agreement.Federation, Deployment, vote.Support), vote.Voter, vote.Version, vote.Step).ConfigureAwait(false))
                signed.Add(vote);
        }
        return (proposed, [.. signed]);

        async Task<bool> IsSignedAsync<TRecord>(TRecord words, EthereumAddress signer, ulong version, LedgerStep step)
            where TRecord : IRecord<TRecord> =>
            await SignatureOfAsync(step, cancellationToken).ConfigureAwait(false) is { } signature && parties.IsSigned(history, words, signer, version, signature);
    }

    /// <summary>Makes a proposal (an active member; another active party for new keys of its own).</summary>
    /// <param name="words">The proposal; its number is that of the next one.</param>
    /// <param name="signingKey">The encoded ML-DSA-65 key that <paramref name="words"/> names; empty where it names none.</param>
    /// <param name="sealingKey">The encoded ML-KEM-768 key that <paramref name="words"/> names; empty where it names none.</param>
    /// <param name="signature">The ML-DSA-65 signature over <paramref name="words"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<LedgerReceipt> ProposeAsync(
        RegistryProposal words, ReadOnlyMemory<byte> signingKey, ReadOnlyMemory<byte> sealingKey, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(words);
        return TakeAsync(
            Abi.Function("propose").EncodeCall(
                words.Number, (ulong)words.Change, words.Account, (ulong)(words.Role ?? 0), signingKey.ToArray(), sealingKey.ToArray(), signature.ToArray()),
            history => history.Proposals.FirstOrDefault(proposal =>
                proposal.Words(words.Federation, Deployment) == words && proposal.Proposer == Sender.Address)?.Step,
            cancellationToken);
    }

    /// <summary>Votes (an active member, once).</summary>
    /// <param name="words">The vote.</param>
    /// <param name="signature">The ML-DSA-65 signature over <paramref name="words"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<LedgerReceipt> VoteAsync(RegistryVote words, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(words);
        return TakeAsync(
            Abi.Function("vote").EncodeCall(words.Number, words.Support, signature.ToArray()),
            history => history.Find(words.Number)?.Votes
                .FirstOrDefault(vote => vote.Voter == Sender.Address && vote.Support == words.Support)?.Step,
            cancellationToken);
    }

    /// <summary>Applies a proposal that has its quorum and its threshold (an active party). It has been done whoever did it.</summary>
    public Task<LedgerReceipt> ExecuteAsync(ulong number, CancellationToken cancellationToken) => TakeAsync(
        Abi.Function("execute").EncodeCall(number),
        history => history.Find(number)?.Execution?.Step,
        cancellationToken);

    /// <summary>Ends the use of the account.</summary>
    public void Dispose() => _sender?.Dispose();

    private TransactionSender Sender => _sender ?? throw new InvalidOperationException("This registry was opened without an account: it can only be read.");

    private async Task<LedgerReceipt> TakeAsync(byte[] call, Func<RegistryHistory, LedgerStep?> find, CancellationToken cancellationToken)
    {
        try
        {
            return LedgerReceipt.Of(await Sender.SendAsync(Deployment.Registry, call, cancellationToken).ConfigureAwait(false), alreadyApplied: false);
        }
        catch (LedgerRejectedException)
        {
            // Refused, perhaps, because it stands there already: an earlier attempt whose answer was lost, or before a restart.
            if (find(await ReadAsync(cancellationToken).ConfigureAwait(false)) is { } applied)
                return LedgerReceipt.Of(await Sender.AwaitFinalAsync(applied.TransactionHash, cancellationToken).ConfigureAwait(false), alreadyApplied: true);
            throw;
        }
    }
}
