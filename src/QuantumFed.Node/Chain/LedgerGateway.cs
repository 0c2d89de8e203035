using Microsoft.Extensions.Logging;
using QuantumFed.Federation;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// A party's view of the ledger, in the agreement's names. Connecting checks that this is the agreed ledger: chain, contracts' code, charter, and
/// the blocks that this party saw before.
/// </summary>
internal sealed class LedgerGateway : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ConsortiumAgreement _agreement;
    private readonly JsonRpcClient _client;
    private readonly TransactionJournal _journal;
    private readonly RoundLedger _ledger;
    private readonly RegistryLedger _registryLedger;
    private readonly RegistryView _registry;
    private readonly ChainMemory _memory;
    private readonly TimeProvider _time;

    private LedgerGateway(
        ConsortiumAgreement agreement, JsonRpcClient client, TransactionJournal journal, RoundLedger ledger, ChainMemory memory, AcceptedProposals accepted,
        TimeProvider time, ILogger logger, int confirmations)
    {
        Confirmations = confirmations;
        (_agreement, _client, _journal, _ledger, _memory, _time) = (agreement, client, journal, ledger, memory, time);
        _registryLedger = RegistryLedger.Create(client, ledger.Deployment, account: null, time);
        _registry = new RegistryView(agreement, _registryLedger, accepted, logger, confirmations);
    }

    /// <summary>How many blocks must follow one before it may not be replaced.</summary>
    public int Confirmations { get; }

    /// <summary>
    /// Connects with an account, and holds the chain against what the party remembers of it. A step of this party counts once so many blocks follow its own,
    /// and so many of the newest may be replaced.
    /// </summary>
    /// <param name="agreement">The agreement.</param>
    /// <param name="rpc">The ledger's node.</param>
    /// <param name="accepted">Changes of the registry that the party's people accepted by hand.</param>
    /// <param name="account">The party's account.</param>
    /// <param name="stateFolder">Where the party keeps what it remembers of the chain.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of what was accepted by hand.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="confirmations">How many blocks must follow one before it counts, from 0.</param>
    /// <exception cref="LedgerMismatchException">This is not the agreed ledger, or not the one seen before.</exception>
    /// <exception cref="LedgerUnavailableException">It cannot be reached.</exception>
    public static async Task<LedgerGateway> ConnectAsync(
        ConsortiumAgreement agreement, RpcEndpoint rpc, AcceptedProposals accepted, LedgerAccount account, string stateFolder, TimeProvider time, ILogger logger,
        CancellationToken cancellation, int confirmations = 0)
    {
        JsonRpcClient client = JsonRpcClient.Create(rpc, time);
        TransactionJournal? journal = null;
        RoundLedger? ledger = null;
        try
        {
            LedgerDeployment deployment = RecordedRounds.DeploymentOf(agreement);
            await LedgerDeployer.VerifyAsync(client, deployment, LedgerCharter.Of(agreement), cancellation);
            journal = TransactionJournal.Open(Path.Combine(stateFolder, "transactions"));
            ledger = RoundLedger.Create(client, deployment, account, time, new TransactionOptions { Journal = journal, Confirmations = confirmations });
            ChainMemory memory = ChainMemory.Open(stateFolder, client, deployment.ChainId, confirmations);
            await memory.PollAsync(cancellation);
            await ledger.ResumeAsync(cancellation);
            return new LedgerGateway(agreement, client, journal, ledger, memory, accepted, time, logger, confirmations);
        }
        catch
        {
            ledger?.Dispose();
            journal?.Dispose();
            client.Dispose();
            throw;
        }
    }

    /// <summary>The number of the next round.</summary>
    public async Task<RoundId> NextRoundAsync(CancellationToken cancellation) =>
        new(await PersistAsync(() => _ledger.NextRoundAsync(cancellation), cancellation));

    /// <summary>The agreement in force now: keys that the members replaced, members that they suspended.</summary>
    public async Task<(ConsortiumAgreement Agreement, ulong RegistryVersion)> InForceAsync(CancellationToken cancellation)
    {
        RegistryState current = await PersistAsync(() => _registry.CurrentAsync(cancellation), cancellation);
        return (await InForceAsync(current.Version, cancellation), current.Version);
    }

    /// <summary>The accounts of active members that the agreement does not name: members admitted them by vote.</summary>
    public async Task<EthereumAddress[]> UnknownMembersAsync(CancellationToken cancellation) =>
        [.. (await PersistAsync(() => _registry.CurrentAsync(cancellation), cancellation)).ActiveMembers.Select(member => member.Account).Where(account => _agreement.Find(account) is null)];

    /// <summary>Waits until the registry has another version.</summary>
    public async Task AwaitRegistryChangeAsync(ulong version, CancellationToken cancellation)
    {
        long started = _time.GetTimestamp();
        do
            await Task.Delay(PollPace.After(_time.GetElapsedTime(started)), _time, cancellation);
        while (await PersistAsync(() => _registryLedger.VersionAsync(cancellation), cancellation) == version);
    }

    /// <summary>The agreement that a round is to be judged by: the one in force when it was opened.</summary>
    public Task<ConsortiumAgreement> InForceAsync(RecordedRound recorded, CancellationToken cancellation) => InForceAsync(recorded.RegistryVersion, cancellation);

    /// <summary>A round that was opened.</summary>
    /// <exception cref="LedgerMismatchException">The ledger does not have it.</exception>
    public async Task<RecordedRound> ReadRoundAsync(RoundId round, CancellationToken cancellation) =>
        RecordedRounds.From(await ReadAsync(round, cancellation), _agreement);

    /// <summary>Opens a round.</summary>
    public Task<Digest> OpenAsync(RoundContext context, CancellationToken cancellation)
    {
        RoundPlan plan = context.Plan;
        return StepAsync($"the opening of round {plan.Round}", () => _ledger.OpenRoundAsync(
            plan.Round, context.PlanDigest, plan.PreviousModel, plan.CommitDeadline, plan.MinParticipants,
            context.Message.SignatureDigest, cancellation), cancellation);
    }

    /// <summary>Commits this member to its update.</summary>
    public Task<Digest> CommitAsync(RoundId round, Digest commitment, SignedMessage manifest, CancellationToken cancellation) =>
        StepAsync($"the commitment of round {round}", () => _ledger.CommitUpdateAsync(round, commitment, manifest.SignatureDigest, cancellation), cancellation);

    /// <summary>
    /// Waits until every active member of the round has committed, telling who has not, or <paramref name="overdue"/> says that the deadline has passed; then
    /// freezes.
    /// </summary>
    public async Task<(RecordedRound Frozen, Digest Transaction)> FreezeWhenCommittedAsync(
        RoundId round, Action<IReadOnlyCollection<MemberId>> tell, Func<bool> overdue, CancellationToken cancellation)
    {
        long started = _time.GetTimestamp();
        ulong block = await HeadAsync(cancellation);
        RoundRecord record = await ReadAsync(round, cancellation);
        Digest? transaction = null;
        while (true)
        {
            RegistryState registry = await PersistAsync(() => _registry.CurrentAsync(cancellation), cancellation);
            // Who was suspended since is not waited for, and who was admitted or reinstated since has no part in this round.
            MemberId[] missing = [.. _agreement.Members
                .Where(member => !record.Commitments.ContainsKey(member.Account) && registry.Find(member.Account) is { IsActiveMember: true } party
                    && party.Since <= record.RegistryVersion)
                .Select(member => member.Id)];
            tell(missing);
            if ((missing.Length == 0 || overdue()) && (transaction = await TryFreezeAsync(record, registry, cancellation)) is not null)
                break;
            await Task.Delay(PollPace.After(_time.GetElapsedTime(started)), _time, cancellation);
            // Without a new block the round is what it was. The number is asked for first: a block that comes in between is seen the next time.
            ulong newest = await HeadAsync(cancellation);
            if (newest != block)
                (block, record) = (newest, await ReadAsync(round, cancellation));
        }
        return (await ReadRoundAsync(round, cancellation), transaction.Value);
    }

    // Null where the registry changed under the witness's feet, a member the agreement does not know has yet to commit, or the chain's clock is behind: asked
    // again a little later.
    private async Task<Digest?> TryFreezeAsync(RoundRecord record, RegistryState registry, CancellationToken cancellation)
    {
        EthereumAddress[] witness = registry.Version == record.RegistryVersion ? [] : [.. registry.ActiveMembers.Select(member => member.Account)];
        try
        {
            return await StepAsync($"the freezing of round {record.Round}", () => _ledger.FreezeCommitmentsAsync(record.Round, witness, cancellation), cancellation);
        }
        catch (LedgerRejectedException refusal) when (refusal.ErrorName is "WitnessMissing" or "NotWaitedFor" or "DeadlineNotReached")
        {
            return null;
        }
    }

    private Task<ConsortiumAgreement> InForceAsync(ulong version, CancellationToken cancellation) =>
        PersistAsync(() => _registry.AgreementAsync(version, cancellation), cancellation);

    /// <summary>Fixes the set.</summary>
    public Task<Digest> CloseAsync(RoundId round, SignedMessage message, RoundClosing closing, CancellationToken cancellation) =>
        StepAsync($"the closing of round {round}", () => _ledger.CloseRoundAsync(
            round, [.. closing.Participants.Select(AccountOf)],
            [.. closing.Exclusions.Select(exclusion => new RoundExclusion(AccountOf(exclusion.Member), (byte)exclusion.Reason))],
            message.BodyDigest, message.SignatureDigest, cancellation), cancellation);

    /// <summary>Ends a closed round, with a model or as failed.</summary>
    public Task<Digest> FinalizeAsync(RoundId round, SignedMessage message, Finalization finalization, CancellationToken cancellation) =>
        StepAsync(
            $"the end of round {round}",
            () => finalization.Model.IsZero
                ? _ledger.FailRoundAsync(round, finalization.TranscriptRoot, message.SignatureDigest, cancellation)
                : _ledger.FinalizeRoundAsync(round, finalization.TranscriptRoot, finalization.Model, finalization.Metadata, message.SignatureDigest, cancellation),
            cancellation);

    /// <summary>Gives a round up.</summary>
    public Task<Digest> AbandonAsync(RoundId round, AbandonReason reason, SignedMessage message, CancellationToken cancellation) =>
        StepAsync($"the abandonment of round {round}", () => _ledger.AbandonRoundAsync(round, (byte)reason, message.SignatureDigest, cancellation), cancellation);

    /// <summary>Attests to a round's model.</summary>
    public Task<Digest> AttestAsync(RoundId round, Digest model, SignedMessage attestation, CancellationToken cancellation) =>
        StepAsync($"the attestation of round {round}", () => _ledger.AttestAsync(round, model, attestation.SignatureDigest, cancellation), cancellation);

    /// <summary>Reports that this member's quantum link gave it no key.</summary>
    public Task<Digest> ReportLinkAsync(RoundId round, LinkOutcome outcome, SignedMessage report, CancellationToken cancellation) =>
        StepAsync($"the link report of round {round}", () => _ledger.ReportLinkAsync(round, outcome, report.BodyDigest, report.SignatureDigest, cancellation), cancellation);

    /// <summary>Waits until the attestations of these members, but for those suspended meanwhile, stand on the ledger; <see langword="false"/> once the time is over.</summary>
    public async Task<bool> AwaitAttestationsAsync(
        RoundId round, IReadOnlyCollection<MemberId> members, TimeSpan limit, CancellationToken cancellation)
    {
        long started = _time.GetTimestamp();
        while (true)
        {
            RecordedRound recorded = await ReadRoundAsync(round, cancellation);
            RegistryState registry = await PersistAsync(() => _registry.CurrentAsync(cancellation), cancellation);
            if (members.All(member => recorded.Signatures.ContainsKey((RecordKind.Attestation, member)) || registry.Find(AccountOf(member)) is not { IsActiveMember: true }))
                return true;
            if (_time.GetElapsedTime(started) > limit)
                return false;
            await Task.Delay(PollPace.After(_time.GetElapsedTime(started)), _time, cancellation);
        }
    }

    /// <summary>The block that holds a round's end.</summary>
    public async Task<(ulong Number, Digest Hash)> FinalizationBlockAsync(RoundId round, CancellationToken cancellation)
    {
        ulong number = (await ReadAsync(round, cancellation)).Ended?.BlockNumber
            ?? throw new LedgerMismatchException($"Round {round} is not over on the ledger.");
        return (number, await PersistAsync(() => _ledger.BlockHashAsync(number, cancellation), cancellation)
            ?? throw new LedgerMismatchException($"The ledger no longer has block {number}."));
    }

    /// <summary>The number of the newest block.</summary>
    public Task<ulong> HeadAsync(CancellationToken cancellation) => PersistAsync(head => Task.FromResult(head), cancellation);

    /// <summary>The hash of a block, or null if the ledger has none of that number.</summary>
    public Task<Digest?> BlockHashAsync(ulong number, CancellationToken cancellation) =>
        PersistAsync(() => _ledger.BlockHashAsync(number, cancellation), cancellation);

    /// <summary>Captures blocks up to <paramref name="to"/> one after the other, each once, wherever <paramref name="from"/> says that the last attempt came to.</summary>
    public Task CaptureAsync(Func<ulong> from, ulong to, Action<BlockEvidence> write, CancellationToken cancellation) =>
        PersistAsync(
            async () =>
            {
                await ChainArchive.CaptureAsync(
                    _client, from(), to,
                    (block, _) =>
                    {
                        write(block);
                        return ValueTask.CompletedTask;
                    },
                    cancellation);
                return to;
            },
            cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _ledger.Dispose();
        _registryLedger.Dispose();
        _journal.Dispose();
        _client.Dispose();
    }

    private async Task<RoundRecord> ReadAsync(RoundId round, CancellationToken cancellation) =>
        await PersistAsync(() => _ledger.ReadRoundAsync(round, cancellation), cancellation)
            ?? throw new LedgerMismatchException($"The ledger does not have round {round}.");

    private async Task<Digest> StepAsync(string what, Func<Task<LedgerReceipt>> step, CancellationToken cancellation)
    {
        LedgerReceipt receipt = await PersistAsync(step, cancellation);
        _memory.Remember(receipt, what);
        // A chain that was reset while the step was taken has a receipt too.
        await HeadAsync(cancellation);
        return receipt.TransactionHash;
    }

    private Task<T> PersistAsync<T>(Func<Task<T>> attempt, CancellationToken cancellation) => PersistAsync(_ => attempt(), cancellation);

    // A node that is away for a while is no reason to give a round up: reads and steps are safe to take again. Each begins with a look at
    // the chain: nothing is read from, or done on, one that is not the one it was. The attempt is given the newest block's number.
    private async Task<T> PersistAsync<T>(Func<ulong, Task<T>> attempt, CancellationToken cancellation)
    {
        long started = _time.GetTimestamp();
        while (true)
        {
            try
            {
                ChainView view = await _memory.PollAsync(cancellation);
                if (view.ReplacedFrom is not null)
                    _registry.Forget();
                return await attempt(view.Head.Number);
            }
            catch (LedgerUnavailableException) when (_time.GetElapsedTime(started) < _agreement.StepTime)
            {
                await Task.Delay(RetryDelay, _time, cancellation);
            }
        }
    }

    private EthereumAddress AccountOf(MemberId member) => _agreement.Find(member)!.Account;
}
