using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// Reads rounds out of verified blocks. Every event must tell what its call's data said, come from an account that the charter lets take the
/// step, and at a time the round allows.
/// </summary>
internal sealed class OfflineRoundReader(OfflineChain chain, LedgerDeployment deployment, ConsortiumCharter charter)
{
    // ABANDON_GRACE of the contract.
    private const ulong AbandonGraceSeconds = 3600;

    private static readonly ContractAbi Abi = ContractArtifact.RoundLedger.Abi;

    public bool TryRead(RoundId round, out RoundRecord? record, [NotNullWhen(false)] out string? failure)
    {
        RoundRecordBuilder builder = new(round);
        Digest topic = RoundLedger.TopicOf(round);
        record = null;
        foreach (OfflineTransaction transaction in chain.Transactions)
        {
            foreach (LedgerLog log in transaction.Receipt.Logs)
            {
                if (log.Address != deployment.Rounds || log.Topics.Count < 2 || log.Topics[1] != topic)
                    continue;
                if (!IsTruthful(transaction, log, builder, out AbiValues? @event)
                    || !builder.TryApply(@event, transaction.Transaction.Hash, transaction.Block.Number))
                {
                    failure = $"Transaction {transaction.Transaction.Hash} left an event of round {round} that the contract cannot have emitted for it.";
                    return false;
                }
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
            if (record.PreviousModelHash != model || (all.Count > 0 && all[^1].Ended is null))
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

    private bool IsTruthful(OfflineTransaction transaction, LedgerLog log, RoundRecordBuilder builder, [NotNullWhen(true)] out AbiValues? @event)
    {
        TransactionRequest request = transaction.Transaction.Request;
        if (!Abi.TryDecodeEvent(log.Topics, log.Data.Span, out @event)
            || !transaction.Receipt.Succeeded || request.To != deployment.Rounds
            || !Abi.TryDecodeCall(request.Data.Span, out AbiValues? call) || call.Name != FunctionOf(@event.Name) || !@event.AgreesWith(call))
            return false;
        bool byCoordinator = transaction.Sender == charter.Coordinator.Account;
        bool byMember = charter.HasMember(transaction.Sender);
        ulong now = transaction.Block.Timestamp;
        return @event.Name switch
        {
            "RoundOpened" => byCoordinator && @event.Hash("seedBlockHash") == transaction.Block.ParentHash && now < @event.Number("commitDeadline"),
            "UpdateCommitted" => IsMembersOwn(transaction, @event) && builder.Phase == RoundPhase.Open && now <= builder.CommitDeadline,
            "CommitmentsFrozen" => (byCoordinator || byMember) && builder.Phase == RoundPhase.Open
                && (builder.CommitmentCount == charter.Members.Length || now > builder.CommitDeadline),
            "RoundAbandoned" => @event.Address("by") == transaction.Sender && builder.Phase != RoundPhase.None
                && (byCoordinator || (byMember && (UInt128)now > (UInt128)builder.CommitDeadline + AbandonGraceSeconds)),
            "RoundAttested" or "RoundDisputed" or "LinkReported" => IsMembersOwn(transaction, @event),
            _ => byCoordinator,
        };
    }

    private bool IsMembersOwn(OfflineTransaction transaction, AbiValues @event) =>
        @event.Address("member") == transaction.Sender && charter.HasMember(transaction.Sender);

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
        _ => null,
    };

    // The contract's historyHead: keccak256(abi.encode(head, round, phase, planHash, setHash, transcriptRoot, modelHash)).
    private static Digest NextHead(Digest head, RoundRecord record) => Keccak256.DigestOf(AbiCodec.Encode(
        AbiType.Parse("(bytes32,uint64,uint8,bytes32,bytes32,bytes32,bytes32)"),
        [head, record.Round.Value, (ulong)record.Phase, record.PlanHash, record.SetHash, record.TranscriptRoot, record.ModelHash]));
}
