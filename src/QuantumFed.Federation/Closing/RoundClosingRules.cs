using System.Diagnostics.CodeAnalysis;
using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>
/// Which members form a round's set. S is everyone who committed and delivered, less the dealers that the committee's reports convict; whoever
/// holds the reports gets the same answer, so the coordinator cannot leave anyone out at will without a recorded reason.
/// </summary>
public static class RoundClosingRules
{
    /// <summary>The dealers that the reports exclude. Each report must have passed <see cref="TryOpenReport"/>.</summary>
    public static IReadOnlyList<Exclusion> Convicted(RoundContext context, IReadOnlyCollection<ShareReport> reports)
    {
        var excluded = new List<Exclusion>();
        foreach (MemberId dealer in reports.SelectMany(report => report.Findings).Select(finding => finding.Dealer).Distinct().Order())
        {
            ShareFinding?[] findings = [.. reports.Select(report => report.Findings.FirstOrDefault(finding => finding.Dealer == dealer))];
            if (findings.Any(finding => finding is null))
                excluded.Add(new Exclusion(dealer, ExclusionReason.NotDelivered));
            else if (findings.Any(finding => finding!.Verdict == ShareVerdict.NotTheCommitted))
                excluded.Add(new Exclusion(dealer, ExclusionReason.NotTheCommitted));
            else if (findings.Any(finding => finding!.Verdict == ShareVerdict.DoesNotOpen))
                excluded.Add(new Exclusion(dealer, ExclusionReason.ShareDoesNotOpen));
            else if (!DegreeCheck.IsConsistent(context.Sharing, ChecksOf(dealer, reports)))
                excluded.Add(new Exclusion(dealer, ExclusionReason.InconsistentShares));
        }
        return excluded;
    }

    /// <summary>The closing for those whose updates arrived.</summary>
    /// <param name="context">The round.</param>
    /// <param name="ledger">The round on the ledger, frozen.</param>
    /// <param name="reports">The signed reports with their contents, at least the threshold.</param>
    /// <param name="refused">Members whose upload was not what they committed to.</param>
    /// <exception cref="ArgumentException">There are fewer reports than the threshold.</exception>
    public static RoundClosing Close(
        RoundContext context, RecordedRound ledger, IReadOnlyCollection<(SignedMessage Message, ShareReport Report)> reports, IReadOnlySet<MemberId> refused)
    {
        if (reports.Count < context.Agreement.Threshold)
            throw new ArgumentException($"A round closes on at least {context.Agreement.Threshold} share reports.", nameof(reports));
        ShareReport[] contents = [.. reports.Select(report => report.Report)];
        IReadOnlyList<Exclusion> convicted = Convicted(context, contents);
        HashSet<MemberId> delivered = [.. contents.SelectMany(report => report.Findings).Select(finding => finding.Dealer)];
        Exclusion[] exclusions = [.. convicted
            .Where(exclusion => ledger.Commitments.ContainsKey(exclusion.Member))
            .Concat(ledger.Commitments.Keys.Where(member => !delivered.Contains(member))
                .Select(member => new Exclusion(member, refused.Contains(member) ? ExclusionReason.NotTheCommitted : ExclusionReason.NotDelivered)))
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
        IReadOnlyList<Exclusion> convicted = Convicted(context, reports.Values);
        HashSet<MemberId> delivered = [.. reports.Values.SelectMany(report => report.Findings).Select(finding => finding.Dealer)];
        foreach (MemberId member in closing.Participants)
        {
            if (!delivered.Contains(member) || convicted.Any(exclusion => exclusion.Member == member))
                return $"'{member}' is in the set, against the committee's share reports.";
        }
        foreach (Exclusion exclusion in closing.Exclusions)
        {
            bool justified = delivered.Contains(exclusion.Member)
                ? convicted.Contains(exclusion)
                : exclusion.Reason is ExclusionReason.NotDelivered or ExclusionReason.NotTheCommitted;
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

    private static Dictionary<int, ShareCheckValue> ChecksOf(MemberId dealer, IReadOnlyCollection<ShareReport> reports)
    {
        var checks = new Dictionary<int, ShareCheckValue>();
        foreach (ShareReport report in reports)
        {
            ShareFinding finding = report.Findings.First(candidate => candidate.Dealer == dealer);
            if (ShareCheckValue.TryParse(finding.Check.Span, out ShareCheckValue value))
                checks.Add(report.Receiver, value);
        }
        return checks;
    }
}
