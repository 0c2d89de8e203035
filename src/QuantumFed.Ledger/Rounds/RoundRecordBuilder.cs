using System.Collections.Immutable;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// Rebuilds a round from its events, in the chain's order, by the contract's own rules: an order of events that the contract cannot have
/// produced is refused. Whoever supplied the events, a live node or an archive, is not trusted.
/// </summary>
internal sealed class RoundRecordBuilder(RoundId round)
{
    // MIN_PARTICIPANTS of the contract.
    private const ulong MinParticipants = 3;

    private readonly List<RoundDispute> _disputes = [];
    // Sorted: members choose the hashes, and could choose some with one hash code.
    private readonly SortedSet<(EthereumAddress Member, Digest Evidence)> _disputed = [];
    private ImmutableSortedDictionary<EthereumAddress, RoundCommitment> _commitments = ImmutableSortedDictionary<EthereumAddress, RoundCommitment>.Empty;
    private ImmutableSortedDictionary<EthereumAddress, RoundAttestation> _attestations = ImmutableSortedDictionary<EthereumAddress, RoundAttestation>.Empty;
    private ImmutableSortedDictionary<EthereumAddress, RoundLinkReport> _linkReports = ImmutableSortedDictionary<EthereumAddress, RoundLinkReport>.Empty;
    private ImmutableArray<EthereumAddress> _participants = [];
    private ImmutableArray<RoundExclusion> _exclusions = [];
    private AbiValues? _opening;
    private LedgerStep _opened;
    private LedgerStep? _frozen, _closed, _ended;
    private Digest _set, _transcript, _model, _metadata, _head;
    private byte _abandonReason;

    public RoundPhase Phase { get; private set; }

    public int CommitmentCount => _commitments.Count;

    public ulong RegistryVersion => _opening!.Number("registryVersion");

    public bool HasCommitted(EthereumAddress member) => _commitments.ContainsKey(member);

    public ulong CommitDeadline => _opening!.Number("commitDeadline");

    /// <summary>Takes the next event; <see langword="false"/> if the contract would not have emitted it now.</summary>
    public bool TryApply(AbiValues @event, Digest transactionHash, ulong blockNumber)
    {
        // The contract takes no hash of zero, and so tells none.
        if (!@event.TryGet("roundId", out object? number) || (ulong)number! != round.Value || @event.HasZeroHash)
            return false;
        Digest signature = @event.TryGet("signatureHash", out object? hash) ? (Digest)hash! : default;
        LedgerStep step = new(transactionHash, blockNumber, signature);
        return @event.Name switch
        {
            "RoundOpened" => TryOpen(@event, step),
            "UpdateCommitted" => TryCommit(@event, step),
            "CommitmentsFrozen" => TryFreeze(@event, step),
            "RoundClosed" => TryClose(@event, step),
            "RoundFinalized" => TryEnd(RoundPhase.Finalized, @event, step),
            "RoundFailed" => TryEnd(RoundPhase.Failed, @event, step),
            "RoundAbandoned" => TryEnd(RoundPhase.Abandoned, @event, step),
            "RoundAttested" => TryAttest(@event, step),
            "RoundDisputed" => TryDispute(@event, step),
            "LinkReported" => TryReportLink(@event, step),
            _ => false,
        };
    }

    /// <summary>The record so far; null if the round was never opened.</summary>
    public RoundRecord? Build() => _opening is null ? null : new RoundRecord
    {
        Round = round,
        Phase = Phase,
        PlanHash = _opening.Hash("planHash"),
        PreviousModelHash = _opening.Hash("previousModelHash"),
        SeedBlockHash = _opening.Hash("seedBlockHash"),
        CommitDeadline = CommitDeadline,
        RegistryVersion = RegistryVersion,
        MinParticipants = (int)_opening.Number("minParticipants"),
        Commitments = _commitments,
        Participants = _participants,
        Exclusions = _exclusions,
        SetHash = _set,
        TranscriptRoot = _transcript,
        ModelHash = _model,
        MetadataHash = _metadata,
        AbandonReason = _abandonReason,
        HistoryHead = _head,
        Attestations = _attestations,
        LinkReports = _linkReports,
        Disputes = [.. _disputes],
        Opened = _opened,
        Frozen = _frozen,
        Closed = _closed,
        Ended = _ended,
    };

    private bool TryOpen(AbiValues @event, LedgerStep step)
    {
        if (Phase != RoundPhase.None || @event.Number("minParticipants") < MinParticipants)
            return false;
        (_opening, _opened, Phase) = (@event, step, RoundPhase.Open);
        return true;
    }

    private bool TryCommit(AbiValues @event, LedgerStep step)
    {
        EthereumAddress member = @event.Address("member");
        if (Phase != RoundPhase.Open || _commitments.ContainsKey(member))
            return false;
        _commitments = _commitments.Add(member, new RoundCommitment(@event.Hash("commitment"), step));
        return true;
    }

    private bool TryFreeze(AbiValues @event, LedgerStep step)
    {
        if (Phase != RoundPhase.Open || @event.Number("committedCount") != (ulong)_commitments.Count)
            return false;
        (_frozen, Phase) = (step, RoundPhase.Frozen);
        return true;
    }

    private bool TryClose(AbiValues @event, LedgerStep step)
    {
        EthereumAddress[] participants = [.. @event.List("participants").Cast<EthereumAddress>()];
        EthereumAddress[] excluded = [.. @event.List("excluded").Cast<EthereumAddress>()];
        ulong[] reasons = [.. @event.List("reasons").Cast<ulong>()];
        if (Phase != RoundPhase.Frozen || (ulong)participants.Length < _opening!.Number("minParticipants") || excluded.Length != reasons.Length
            || reasons.Contains(0UL) || !IsAscending(participants) || !IsAscending(excluded)
            || !participants.Concat(excluded).Order().SequenceEqual(_commitments.Keys))
            return false;
        _participants = [.. participants];
        _exclusions = [.. excluded.Zip(reasons, (member, reason) => new RoundExclusion(member, (byte)reason))];
        _set = @event.Hash("setHash");
        (_closed, Phase) = (step, RoundPhase.Closed);
        return true;
    }

    private bool TryEnd(RoundPhase end, AbiValues @event, LedgerStep step)
    {
        bool before = end == RoundPhase.Abandoned ? Phase is RoundPhase.Open or RoundPhase.Frozen : Phase == RoundPhase.Closed;
        if (!before || (end == RoundPhase.Abandoned && @event.Number("reason") == 0))
            return false;
        if (end == RoundPhase.Abandoned)
            _abandonReason = (byte)@event.Number("reason");
        else
            _transcript = @event.Hash("transcriptRoot");
        if (end == RoundPhase.Finalized)
            (_model, _metadata) = (@event.Hash("modelHash"), @event.Hash("metadataHash"));
        _head = @event.Hash("historyHead");
        (_ended, Phase) = (step, end);
        return true;
    }

    private bool TryAttest(AbiValues @event, LedgerStep step)
    {
        EthereumAddress member = @event.Address("member");
        if (Phase != RoundPhase.Finalized || @event.Hash("modelHash") != _model || !HasCommitted(member) || _attestations.ContainsKey(member))
            return false;
        _attestations = _attestations.Add(member, new RoundAttestation(_model, step));
        return true;
    }

    private bool TryDispute(AbiValues @event, LedgerStep step)
    {
        RoundDispute dispute = new(@event.Address("member"), @event.Hash("evidenceHash"), step);
        if (Phase is not (RoundPhase.Closed or RoundPhase.Finalized or RoundPhase.Failed) || !HasCommitted(dispute.Member)
            || !_disputed.Add((dispute.Member, dispute.EvidenceHash)))
            return false;
        _disputes.Add(dispute);
        return true;
    }

    private bool TryReportLink(AbiValues @event, LedgerStep step)
    {
        EthereumAddress member = @event.Address("member");
        var outcome = (LinkOutcome)@event.Number("outcome");
        if (Phase is not (RoundPhase.Open or RoundPhase.Frozen or RoundPhase.Closed) || !Enum.IsDefined(outcome)
            || _linkReports.ContainsKey(member))
            return false;
        _linkReports = _linkReports.Add(member, new RoundLinkReport(outcome, @event.Hash("reportHash"), step));
        return true;
    }

    private static bool IsAscending(EthereumAddress[] accounts) => accounts.Zip(accounts.Skip(1), (left, right) => left < right).All(less => less);
}
