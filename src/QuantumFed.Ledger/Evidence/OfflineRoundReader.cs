using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// Reads rounds out of verified blocks. Every event must tell what its call's data said, come from an account that the registry lets take the
/// step at that moment, and at a time the round allows.
/// </summary>
internal sealed class OfflineRoundReader(OfflineChain chain, LedgerDeployment deployment, ConsortiumCharter charter, OfflineRegistry registry)
{
    // ABANDON_GRACE of the contract.
    private const ulong AbandonGraceSeconds = 3600;

    private static readonly ContractAbi Abi = ContractArtifact.RoundLedger.Abi;
    private static readonly Digest CeremonyTopic = Abi.Event("KeyCeremonyRecorded").Topic;

    private readonly Lazy<Dictionary<Digest, int>> _positions = new(() =>
        chain.Transactions.Select((transaction, i) => KeyValuePair.Create(transaction.Transaction.Hash, i)).DistinctBy(pair => pair.Key).ToDictionary());

    // What the contract told of each round, in the chain's order, gathered in one pass. Sorted, since a forged chain chooses its topics, and with them hash codes.
    private readonly Lazy<SortedDictionary<Digest, List<(int Transaction, LedgerLog Log)>>> _told = new(() => Gather(chain, deployment));

    public bool TryRead(RoundId round, out RoundRecord? record, [NotNullWhen(false)] out string? failure)
    {
        RoundRecordBuilder builder = new(round);
        record = null;
        foreach ((int index, LedgerLog log) in _told.Value.GetValueOrDefault(RoundLedger.TopicOf(round)) ?? [])
        {
            OfflineTransaction transaction = chain.Transactions[index];
            if (!IsTruthful(transaction, log, registry.StateAt(index), builder, out AbiValues? @event)
                || !builder.TryApply(@event, transaction.Transaction.Hash, transaction.Block.Number))
            {
                failure = $"Transaction {transaction.Transaction.Hash} left an event of round {round} that the contract cannot have emitted for it.";
                return false;
            }
        }
        record = builder.Build();
        failure = null;
        return true;
    }

    public bool TryReadAll(out ImmutableArray<RoundRecord> records, [NotNullWhen(false)] out string? failure)
    {
        ImmutableArray<RoundRecord>.Builder all = ImmutableArray.CreateBuilder<RoundRecord>();
        Digest model = charter.InitialModelHash, head = default;
        records = [];
        for (RoundId round = default; ; round = round.Next)
        {
            if (!TryRead(round, out RoundRecord? record, out failure))
                return false;
            if (record is null)
                break;
            if (record.PreviousModelHash != model || (all.Count > 0 && !IsOver(all[^1], record)))
            {
                failure = $"Round {round} does not continue the one before it.";
                return false;
            }
            if (record.Ended is not null)
            {
                head = NextHead(head, record);
                if (head != record.HistoryHead)
                {
                    failure = $"The history's hash chain breaks at round {round}.";
                    return false;
                }
            }
            model = record.Phase == RoundPhase.Finalized ? record.ModelHash : model;
            all.Add(record);
        }
        records = all.ToImmutable();
        return true;
    }

    private static SortedDictionary<Digest, List<(int Transaction, LedgerLog Log)>> Gather(OfflineChain chain, LedgerDeployment deployment)
    {
        SortedDictionary<Digest, List<(int Transaction, LedgerLog Log)>> told = [];
        for (int i = 0; i < chain.Transactions.Length; i++)
        {
            foreach (LedgerLog log in chain.Transactions[i].Receipt.Logs)
            {
                if (log.Address != deployment.Rounds || log.Topics.Count < 2)
                    continue;
                if (!told.TryGetValue(log.Topics[1], out List<(int, LedgerLog)>? ofOne))
                    told.Add(log.Topics[1], ofOne = []);
                ofOne.Add((i, log));
            }
        }
        return told;
    }

    // Steps of one block stand in its order of transactions.
    private bool IsOver(RoundRecord before, RoundRecord next) => before.Ended is { } ended && IndexOf(ended) < IndexOf(next.Opened);

    private int IndexOf(LedgerStep step) => _positions.Value[step.TransactionHash];

    private bool IsTruthful(
        OfflineTransaction transaction, LedgerLog log, RegistryState state, RoundRecordBuilder builder, [NotNullWhen(true)] out AbiValues? @event)
    {
        if (!TryReadEvent(transaction, log, out @event, out AbiValues? call))
            return false;
        RegistryParty? sender = state.Find(transaction.Sender);
        bool byCoordinator = sender is { IsActive: true, Role: PartyRole.Coordinator };
        bool byMember = sender is { IsActiveMember: true };
        ulong now = transaction.Block.Timestamp;
        return @event.Name switch
        {
            "RoundOpened" => byCoordinator && @event.Number("registryVersion") == state.Version && (int)@event.Number("minParticipants") <= state.ActiveMembers.Count()
                && @event.Hash("seedBlockHash") == transaction.Block.ParentHash && now < @event.Number("commitDeadline"),
            "UpdateCommitted" => byMember && IsSendersOwn(transaction, @event) && builder.Phase == RoundPhase.Open && now <= builder.CommitDeadline
                && sender!.Since <= builder.RegistryVersion,
            "CommitmentsFrozen" => @event.Address("by") == transaction.Sender && (byCoordinator || byMember) && builder.Phase == RoundPhase.Open
                && (now > builder.CommitDeadline || AllCommitted(state, builder, call.List("activeMembers"))),
            "RoundAbandoned" => @event.Address("by") == transaction.Sender && builder.Phase != RoundPhase.None
                && (byCoordinator || (byMember && (UInt128)now > (UInt128)builder.CommitDeadline + AbandonGraceSeconds)),
            "LinkReported" => byMember && IsSendersOwn(transaction, @event) && builder.Phase != RoundPhase.None && sender!.Since <= builder.RegistryVersion,
            "RoundAttested" or "RoundDisputed" => byMember && IsSendersOwn(transaction, @event),
            _ => byCoordinator,
        };
    }

    private bool TryReadEvent(
        OfflineTransaction transaction, LedgerLog log, [NotNullWhen(true)] out AbiValues? @event, [NotNullWhen(true)] out AbiValues? call)
    {
        TransactionRequest request = transaction.Transaction.Request;
        call = null;
        return Abi.TryDecodeEvent(log.Topics, log.Data.Span, out @event)
            && transaction.Receipt.Succeeded && request.To == deployment.Rounds
            && Abi.TryDecodeCall(request.Data.Span, out call) && call.Name == FunctionOf(@event.Name) && @event.AgreesWith(call);
    }

    // The contract's _allCommitted: with the members of the opening, counting is enough; after a change the call lists those active now.
    private static bool AllCommitted(RegistryState state, RoundRecordBuilder builder, object[] witness) => state.Version == builder.RegistryVersion
        ? builder.CommitmentCount == state.ActiveMembers.Count()
        : witness.Cast<EthereumAddress>().SequenceEqual(state.ActiveMembers.Select(member => member.Account))
            && state.ActiveMembers.All(member => member.Since > builder.RegistryVersion || builder.HasCommitted(member.Account));

    private static bool IsSendersOwn(OfflineTransaction transaction, AbiValues @event) => @event.Address("member") == transaction.Sender;

    public bool TryReadCeremonies(out ImmutableArray<CeremonyRecord> ceremonies, [NotNullWhen(false)] out string? failure)
    {
        ImmutableArray<CeremonyRecord>.Builder all = ImmutableArray.CreateBuilder<CeremonyRecord>();
        HashSet<(EthereumAddress By, Digest Minutes)> minutes = [];
        ceremonies = [];
        for (int i = 0; i < chain.Transactions.Length; i++)
        {
            OfflineTransaction transaction = chain.Transactions[i];
            foreach (LedgerLog log in transaction.Receipt.Logs.Where(log => log.Address == deployment.Rounds && log.Topics.Count > 0 && log.Topics[0] == CeremonyTopic))
            {
                if (!TryReadEvent(transaction, log, out AbiValues? @event, out _) || @event.Address("by") != transaction.Sender
                    || @event.Number("kind") == 0 || @event.HasZeroHash || !minutes.Add((transaction.Sender, @event.Hash("minutesHash")))
                    || registry.StateAt(i).Find(transaction.Sender) is not { IsActive: true, Role: PartyRole.Member or PartyRole.Coordinator })
                {
                    failure = $"Transaction {transaction.Transaction.Hash} left a key ceremony that the contract cannot have recorded for it.";
                    return false;
                }
                all.Add(CeremonyRecord.Of(@event, transaction.Transaction.Hash, transaction.Block.Number));
            }
        }
        ceremonies = all.ToImmutable();
        failure = null;
        return true;
    }

    private static string? FunctionOf(string eventName) => eventName switch
    {
        "RoundOpened" => "openRound",
        "UpdateCommitted" => "commitUpdate",
        "CommitmentsFrozen" => "freezeCommitments",
        "RoundClosed" => "closeRound",
        "RoundFinalized" => "finalizeRound",
        "RoundFailed" => "failRound",
        "RoundAbandoned" => "abandonRound",
        "RoundAttested" => "attest",
        "RoundDisputed" => "dispute",
        "LinkReported" => "reportLink",
        "KeyCeremonyRecorded" => "recordCeremony",
        _ => null,
    };

    // The contract's historyHead: keccak256(abi.encode(head, round, phase, planHash, setHash, transcriptRoot, modelHash, metadataHash)).
    private static Digest NextHead(Digest head, RoundRecord record) => Keccak256.DigestOf(AbiCodec.Encode(
        AbiType.Parse("(bytes32,uint64,uint8,bytes32,bytes32,bytes32,bytes32,bytes32)"),
        [head, record.Round.Value, (ulong)record.Phase, record.PlanHash, record.SetHash, record.TranscriptRoot, record.ModelHash, record.MetadataHash]));
}
