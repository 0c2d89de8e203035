using System.Globalization;
using System.Text;
using QuantumFed.Ledger;
using QuantumFed.Protocol;
using ChainStep = QuantumFed.Ledger.LedgerStep;

namespace QuantumFed.Cli;

/// <summary>One round on the ledger in words, and as an object for JSON.</summary>
internal static class RoundText
{
    public static string Of(LedgerTarget target, RoundRecord record)
    {
        var text = new StringBuilder();
        void Line(string name, string value) => text.AppendLine(CultureInfo.InvariantCulture, $"{name,-18}  {value}");
        string Names(IEnumerable<EthereumAddress> accounts) => string.Join(", ", accounts.Select(target.Parties.NameOf).Order(StringComparer.Ordinal));
        Line("round", $"{record.Round}, {record.Phase.ToString().ToLowerInvariant()}{Reason(record)}");
        Line("opened", $"block {record.Opened.BlockNumber}, under registry version {record.RegistryVersion}");
        Line("commit deadline", LedgerTime.Text(record.CommitDeadline));
        Line("least participants", $"{record.MinParticipants}");
        Line("plan", record.PlanHash.ToString());
        Line("model before", record.PreviousModelHash.ToString());
        Line("seed block", "0x" + record.SeedBlockHash);
        Line("committed", $"{record.Commitments.Count}: {Names(record.Commitments.Keys)}");
        if (record.Closed is not null)
            Line("in the sum", $"{record.Participants.Length}: {Names(record.Participants)}");
        foreach (RoundExclusion exclusion in record.Exclusions)
            Line("excluded", $"{target.Parties.NameOf(exclusion.Member)}: {(ExclusionReason)exclusion.Reason}");
        foreach ((EthereumAddress member, RoundLinkReport report) in record.LinkReports)
            Line("quantum link", $"{target.Parties.NameOf(member)}: no key, {report.Outcome}");
        if (!record.TranscriptRoot.IsZero)
            Line("transcript root", record.TranscriptRoot.ToString());
        if (!record.ModelHash.IsZero)
        {
            Line("model after", record.ModelHash.ToString());
            Line("metadata", record.MetadataHash.ToString());
            Line("attested", $"{record.Attestations.Count}: {Names(record.Attestations.Keys)}");
        }
        foreach (RoundDispute dispute in record.Disputes)
            Line("disputed", $"by {target.Parties.NameOf(dispute.Member)}, evidence {dispute.EvidenceHash}");
        if (record.Ended is not null)
            Line("history head", record.HistoryHead.ToString());
        text.AppendLine();
        text.Append(TextTable.Of(
            ["step", "by", "block", "transaction"],
            Steps(target, record).Select(step => (IReadOnlyList<string>)[step.Name, step.By, $"{step.Step.BlockNumber}", "0x" + step.Step.TransactionHash])));
        return text.ToString();
    }

    public static object Summary(LedgerTarget target, RoundRecord record) => new
    {
        Round = record.Round.Value,
        Phase = record.Phase.ToString(),
        record.RegistryVersion,
        record.CommitDeadline,
        record.MinParticipants,
        PlanHash = record.PlanHash.ToString(),
        PreviousModelHash = record.PreviousModelHash.ToString(),
        SeedBlockHash = "0x" + record.SeedBlockHash,
        Commitments = record.Commitments.ToDictionary(pair => target.Parties.NameOf(pair.Key), pair => pair.Value.Commitment.ToString()),
        Participants = record.Participants.Select(target.Parties.NameOf),
        Exclusions = record.Exclusions.Select(exclusion => new
        {
            Member = target.Parties.NameOf(exclusion.Member), Reason = ((ExclusionReason)exclusion.Reason).ToString(),
        }),
        LinkReports = record.LinkReports.Select(pair => new { Member = target.Parties.NameOf(pair.Key), Outcome = pair.Value.Outcome.ToString() }),
        SetHash = record.SetHash.ToString(),
        TranscriptRoot = record.TranscriptRoot.ToString(),
        ModelHash = record.ModelHash.ToString(),
        MetadataHash = record.MetadataHash.ToString(),
        AbandonReason = record.AbandonReason == 0 ? null : ((AbandonReason)record.AbandonReason).ToString(),
        HistoryHead = record.HistoryHead.ToString(),
        Attestations = record.Attestations.Keys.Select(target.Parties.NameOf),
        Disputes = record.Disputes.Select(dispute => new { Member = target.Parties.NameOf(dispute.Member), EvidenceHash = dispute.EvidenceHash.ToString() }),
        Steps = Steps(target, record).Select(step => new
        {
            step.Name, step.By, Block = step.Step.BlockNumber, Transaction = "0x" + step.Step.TransactionHash, SignatureHash = step.Step.SignatureHash.ToString(),
        }),
    };

    private static string Reason(RoundRecord record) => record.AbandonReason == 0 ? "" : $" ({(AbandonReason)record.AbandonReason})";

    private static IEnumerable<(string Name, string By, ChainStep Step)> Steps(LedgerTarget target, RoundRecord record)
    {
        const string Coordinator = "coordinator", Anyone = "-";
        IEnumerable<(string Name, string By, ChainStep? Step)> steps =
        [
            ("openRound", Coordinator, record.Opened),
            .. record.Commitments.Select(pair => ("commitUpdate", target.Parties.NameOf(pair.Key), (ChainStep?)pair.Value.Step)),
            .. record.LinkReports.Select(pair => ("reportLink", target.Parties.NameOf(pair.Key), (ChainStep?)pair.Value.Step)),
            ("freezeCommitments", Anyone, record.Frozen),
            ("closeRound", Coordinator, record.Closed),
            (record.Phase switch { RoundPhase.Abandoned => "abandonRound", RoundPhase.Failed => "failRound", _ => "finalizeRound" }, record.Phase == RoundPhase.Abandoned ? Anyone : Coordinator, record.Ended),
            .. record.Attestations.Select(pair => ("attest", target.Parties.NameOf(pair.Key), (ChainStep?)pair.Value.Step)),
            .. record.Disputes.Select(dispute => ("dispute", target.Parties.NameOf(dispute.Member), (ChainStep?)dispute.Step)),
        ];
        return steps.Where(step => step.Step is not null).Select(step => (step.Name, step.By, step.Step!.Value)).OrderBy(step => step.Value.BlockNumber);
    }
}
