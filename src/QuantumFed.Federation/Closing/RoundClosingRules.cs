using System.Diagnostics.CodeAnalysis;
using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>
/// Which members form a round's set. S is everyone who committed and delivered, less the dealers that the committee's reports exclude; whoever
/// holds the reports gets the same answer, so the coordinator cannot leave anyone out at will without a recorded reason.
/// </summary>
public static class RoundClosingRules
{
    /// <summary>The closing for those whose updates arrived.</summary>
    /// <param name="context">The round.</param>
    /// <param name="ledger">The round on the ledger, frozen.</param>
    /// <param name="reports">The signed reports with their contents, at least the threshold.</param>
    /// <param name="refused">Members whose upload was not what they committed to.</param>
    /// <param name="withheld">Members that reported on the ledger that their quantum link gave no key.</param>
    /// <exception cref="ArgumentException">There are fewer reports than the threshold.</exception>
    public static RoundClosing Close(
        RoundContext context, RecordedRound ledger, IReadOnlyCollection<(SignedMessage Message, ShareReport Report)> reports, IReadOnlySet<MemberId> refused,
        IReadOnlySet<MemberId> withheld)
    {
        if (reports.Count < context.Agreement.Threshold)
            throw new ArgumentException($"A round closes on at least {context.Agreement.Threshold} share reports.", nameof(reports));
        (HashSet<MemberId> delivered, List<Exclusion> excluded) = Judge(context, [.. reports.Select(report => report.Report)]);
        Exclusion[] exclusions = [.. excluded
            .Where(exclusion => ledger.Commitments.ContainsKey(exclusion.Member))
            .Concat(ledger.Commitments.Keys.Where(member => !delivered.Contains(member))
                .Select(member => new Exclusion(
                    member,
                    withheld.Contains(member) ? ExclusionReason.QuantumLinkDown
                    : refused.Contains(member) ? ExclusionReason.NotTheCommitted
                    : ExclusionReason.NotDelivered)))
            .OrderBy(exclusion => exclusion.Member)];
        MemberId[] participants = [.. ledger.Commitments.Keys.Except(exclusions.Select(exclusion => exclusion.Member)).Order()];
        return new RoundClosing(
            context.PlanDigest, participants, exclusions,
            [.. reports.OrderBy(report => report.Report.Receiver).Select(report => report.Message.Digest)]);
    }

    /// <summary>Null if the closing follows from the reports it names, which <paramref name="objects"/> must hold; otherwise why not.</summary>
    public static string? Refusal(RoundContext context, RecordedRound ledger, RoundClosing closing, IObjectSource objects)
    {
        if (closing.Plan != context.PlanDigest)
            return "The closing is for another plan.";
        Digest challenge = context.ChallengeFrom(ledger.Commitments);
        var reports = new SortedDictionary<ushort, ShareReport>();
        foreach (Digest digest in closing.ShareReports)
        {
            if (!objects.TryRead(digest, out byte[]? data) || !SignedMessage.TryParse(data, out SignedMessage? message)
                || !TryOpenReport(context, challenge, message, out ShareReport? report) || !reports.TryAdd(report.Receiver, report))
                return $"Share report {digest} is missing, repeated or not signed by its committee member.";
        }
        if (reports.Count < context.Agreement.Threshold)
            return $"The closing rests on {reports.Count} share reports; {context.Agreement.Threshold} are needed.";
        (HashSet<MemberId> delivered, List<Exclusion> excluded) = Judge(context, reports.Values);
        foreach (MemberId member in closing.Participants)
        {
            if (!delivered.Contains(member) || excluded.Any(exclusion => exclusion.Member == member))
                return $"'{member}' is in the set, against the committee's share reports.";
        }
        foreach (Exclusion exclusion in closing.Exclusions)
        {
            bool justified = delivered.Contains(exclusion.Member)
                ? excluded.Contains(exclusion)
                : exclusion.Reason is ExclusionReason.NotDelivered or ExclusionReason.NotTheCommitted
                    || (exclusion.Reason == ExclusionReason.QuantumLinkDown && ledger.LinkReports.GetValueOrDefault(exclusion.Member)?.Outcome == LinkOutcome.Withheld);
            if (!justified)
                return $"The exclusion of '{exclusion.Member}' ({exclusion.Reason}) does not follow from the committee's share reports.";
        }
        return closing.Participants.Concat(closing.Exclusions.Select(exclusion => exclusion.Member)).Order()
            .SequenceEqual(ledger.Commitments.Keys.Order())
            ? null
            : "The set and the exclusions are not together those who committed.";
    }

    /// <summary>Checks that a message is the report of the committee member it names, for this plan and challenge.</summary>
    public static bool TryOpenReport(RoundContext context, Digest challenge, SignedMessage message, [NotNullWhen(true)] out ShareReport? report)
    {
        report = null;
        if (context.Agreement.Find(message.Signer) is not { } member || !message.TryOpen(member.Key, out ShareReport? read)
            || read.Plan != context.PlanDigest || read.Challenge != challenge || context.MemberAt(read.Receiver) != member.Id
            || read.Findings.Any(finding => finding.Verdict == ShareVerdict.Opened
                ? !ShareCheckValue.TryParse(finding.Check.Span, out _)
                : !finding.Check.IsEmpty))
            return false;
        report = read;
        return true;
    }

    /// <summary>
    /// The dealers that some report heard knows, and those of them that are excluded. An excluded dealer is not convicted of anything: it, or a checker
    /// that it is in dispute with, is malicious (<see cref="ShareDisputes"/>), or the coordinator did not hand its shares on.
    /// </summary>
    private static (HashSet<MemberId> Delivered, List<Exclusion> Excluded) Judge(RoundContext context, IReadOnlyCollection<ShareReport> reports)
    {
        ShareDisputes disputes = ShareDisputes.Of(context, reports);
        var delivered = new HashSet<MemberId>();
        var excluded = new List<Exclusion>();
        foreach (MemberId dealer in reports.SelectMany(report => report.Findings).Select(finding => finding.Dealer).Distinct().Order())
        {
            IReadOnlyCollection<ShareReport> heard = disputes.HeardOn(dealer);
            ShareFinding?[] findings = [.. heard.Select(report => report.Findings.FirstOrDefault(finding => finding.Dealer == dealer))];
            if (findings.All(finding => finding is null))
                continue;
            delivered.Add(dealer);
            if (findings.Any(finding => finding is null))
                excluded.Add(new Exclusion(dealer, ExclusionReason.NotDelivered));
            else if (findings.Any(finding => finding!.Verdict == ShareVerdict.NotTheCommitted))
                excluded.Add(new Exclusion(dealer, ExclusionReason.NotTheCommitted));
            else if (findings.Any(finding => finding!.Verdict == ShareVerdict.DoesNotOpen))
                excluded.Add(new Exclusion(dealer, ExclusionReason.ShareDoesNotOpen));
            else if (!DegreeCheck.IsConsistent(context.Sharing, ShareDisputes.ChecksOf(dealer, heard)))
                excluded.Add(new Exclusion(dealer, ExclusionReason.InconsistentShares));
        }
        return (delivered, excluded);
    }
}
