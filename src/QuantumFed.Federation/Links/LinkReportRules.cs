using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>Which reports on a quantum link count: signed by a member that has one, for this plan, as its policy has it, and recorded on the ledger.</summary>
public static class LinkReportRules
{
    /// <summary>Opens a report that counts.</summary>
    /// <param name="context">The round.</param>
    /// <param name="ledger">What the ledger has of it now.</param>
    /// <param name="message">The signed report.</param>
    /// <param name="report">The report.</param>
    /// <param name="failure">Why it does not count.</param>
    public static bool TryOpen(
        RoundContext context, RecordedRound ledger, SignedMessage message, [NotNullWhen(true)] out LinkReport? report, [NotNullWhen(false)] out string? failure)
    {
        failure = null;
        report = null;
        if (context.Agreement.Find(message.Signer) is not { Link: { } policy } member)
            failure = $"'{message.Signer}' has no quantum link that it could report on.";
        else if (!message.TryOpen(member.Key, out report) || report.Plan != context.PlanDigest)
            failure = $"It is not signed by '{member.Id}' for this round's plan.";
        else if ((report.Outcome == LinkOutcome.Downgraded) != (policy.Kind == LinkPolicyKind.AllowPostQuantumOnly))
            failure = $"The policy of '{member.Id}' ({policy}) does not have the outcome {report.Outcome}.";
        else if (!ledger.LinkReports.TryGetValue(member.Id, out RecordedLinkReport? recorded) || recorded.Outcome != report.Outcome
            || recorded.Report != message.BodyDigest || recorded.Signature != message.SignatureDigest)
            failure = $"The ledger does not have this report of '{member.Id}'.";
        if (failure is null && report is not null)
            return true;
        report = null;
        failure ??= "It is no report on a quantum link.";
        return false;
    }
}
