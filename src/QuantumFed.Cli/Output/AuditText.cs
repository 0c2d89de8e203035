using System.Globalization;
using System.Text;
using QuantumFed.Audit;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>An audit in words.</summary>
internal static class AuditText
{
    /// <summary>One round's verdict, with its findings and its link reports below it.</summary>
    public static string Line(RoundVerdict verdict)
    {
        string round = $"round {verdict.Round,3}";
        string links = string.Concat(verdict.LinkReports.Select(report => "\n  " + Line(report)));
        if (!verdict.Verified)
            return $"{round}  DOES NOT HOLD" + string.Concat(verdict.Findings.Select(finding => $"\n  {finding.Subject}: {finding.Problem}")) + links;
        return (verdict.Phase == RecordedPhase.Finalized
            ? $"{round}  verified  {verdict.Participants.Count} members  {verdict.Attestations.Count} attestations  model {Short(verdict.Model)}"
            : $"{round}  verified  {verdict.Phase.ToString().ToLowerInvariant()}, the model stays") + links;
    }

    private static string Line(AuditedLinkReport report)
    {
        string outcome = report.Outcome == LinkOutcome.Withheld ? "sent no update" : "sealed with ML-KEM only";
        string why = report.Record is not { } signed
            ? "its signed report is not in the archive"
            : $"{signed.Failure}, {(signed.StoredKeys is { } stored ? $"{stored} stored keys" : "stored keys unknown")}{(signed.Detail.Length > 0 ? $", \"{signed.Detail}\"" : "")}";
        return $"quantum link of {report.Member}: no key, {outcome}  ({why})  transaction 0x{report.Transaction}";
    }

    private static string Line(AuditedProposal proposal)
    {
        string what = ProposalText.Of(proposal.Change, proposal.Party, proposal.Role);
        string unsigned = proposal.WithoutSignature.Count == 0 ? "" : $"; without a valid ML-DSA signature, so not counted here: {string.Join(", ", proposal.WithoutSignature)}";
        return proposal.Execution is { } carried
            ? string.Create(CultureInfo.InvariantCulture, $"registry version {carried.Version}: {what}  ({carried.Yes} of {carried.ActiveMembers} members for it, {carried.No} against{unsigned})")
            : string.Create(CultureInfo.InvariantCulture, $"registry proposal {proposal.Number}: {what}  (not carried{unsigned})");
    }

    /// <summary>The audit's conclusion.</summary>
    /// <param name="report">What it found.</param>
    /// <param name="live">Whether a live ledger was asked as well, and says the same.</param>
    public static string Conclusion(AuditReport report, bool live)
    {
        var text = new StringBuilder();
        foreach (AuditFinding finding in report.Findings)
            text.AppendLine(CultureInfo.InvariantCulture, $"{finding.Subject}: {finding.Problem}");
        foreach (AuditRemark remark in report.Remarks)
            text.AppendLine(CultureInfo.InvariantCulture, $"remark, {remark.Subject}: {remark.Text}");
        foreach (AuditedProposal proposal in report.Proposals)
            text.AppendLine(Line(proposal));
        if (!report.Verified)
            return text.Append(CultureInfo.InvariantCulture, $"NOT VERIFIED: {report.AllFindings.Count()} findings, {report.RoundsVerified} rounds hold.").ToString();
        text.Append(CultureInfo.InvariantCulture, $"VERIFIED: {report.RoundsVerified} rounds replayed from {report.Blocks} archived blocks, bit for bit, with no secret.");
        int finished = report.Rounds.Count(round => round.Phase == RecordedPhase.Finalized);
        if (finished < report.RoundsAgreed)
            text.Append(CultureInfo.InvariantCulture, $" The agreement asks for {report.RoundsAgreed} rounds; {finished} of them are in this archive.");
        AuditedProposal[] accepted = [.. report.Proposals.Where(proposal => proposal.Accepted)];
        if (accepted.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $" Accepted by whoever ran this audit, and not by signatures: proposal {string.Join(", ", accepted.Select(proposal => proposal.Number))}.");
        if (live)
            text.Append(" The live ledger says the same.");
        if (report.Seals is { } seals)
            text.Append(CultureInfo.InvariantCulture, $"\nEvery block carries the seals of two thirds of its validators, from those of the genesis file on ({seals.Seals} seals; {seals.Validators.Count} validators at the end).");
        else if (!report.DevelopmentChain)
            text.Append("\nThe seals of the blocks were not checked: qf audit verify --genesis FILE does, with the network's genesis file.");
        if (report.DevelopmentChain)
            text.Append("\nThe ledger is a development chain: its operator could have rewritten it; what stays are the members' ML-DSA signatures.");
        return text.ToString();
    }

    /// <summary>The audit as an object for JSON.</summary>
    public static object Summary(AuditReport report) => new
    {
        report.Verified,
        report.RoundsVerified,
        report.RoundsAgreed,
        report.Blocks,
        report.DevelopmentChain,
        Seals = report.Seals is { } seals ? new { seals.Seals, Validators = seals.Validators.Ascending.Select(validator => validator.ToString()) } : null,
        Findings = report.Findings.Select(finding => new { finding.Subject, finding.Problem }),
        Remarks = report.Remarks.Select(remark => new { remark.Subject, remark.Text }),
        Proposals = report.Proposals.Select(proposal => new
        {
            proposal.Number,
            Change = proposal.Change.ToString(),
            proposal.Party,
            Role = proposal.Role?.ToString(),
            proposal.Execution?.Version,
            proposal.WithoutSignature,
            AcceptedByAuditor = proposal.Accepted,
            proposal.Execution?.Yes,
            proposal.Execution?.No,
            proposal.Execution?.ActiveMembers,
            Transaction = "0x" + proposal.Transaction,
        }),
        Rounds = report.Rounds.Select(round => new
        {
            Round = round.Round.Value,
            Phase = round.Phase.ToString().ToLowerInvariant(),
            round.Verified,
            Participants = round.Participants.Select(member => member.Name),
            ModelHash = round.Model.ToString(),
            Attestations = round.Attestations.Select(member => member.Name),
            LinkReports = round.LinkReports.Select(report => new
            {
                Member = report.Member.Name,
                Outcome = report.Outcome.ToString().ToLowerInvariant(),
                Failure = report.Record?.Failure.ToString(),
                report.Record?.StoredKeys,
                report.Record?.Detail,
                Transaction = "0x" + report.Transaction,
            }),
            Transactions = round.Steps.Select(step => "0x" + step.Transaction),
            Findings = round.Findings.Select(finding => new { finding.Subject, finding.Problem }),
        }),
    };

    /// <summary>The first digits of a digest.</summary>
    public static string Short(Digest digest) => digest.ToString()[..12];
}
