using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>
/// Who is at odds with whom in a round's share reports, and which members are certain to be malicious if at most f are. Follows from the
/// reports alone, so whoever holds them gets the same.
/// </summary>
/// <remarks>
/// <para><b>What a report proves.</b> A share that does not open although it is the committed one, or a check value off the polynomials of the
/// others, shows that the dealer <i>or</i> the checker is malicious, never which: a dealer can give an honest checker a bad share, and a checker can lie
/// about a good one. Off the polynomials means: of m check values, m &gt;= t + 2f, at most f are off. An honest dealer's polynomials meet all values
/// but those of the malicious, at most f, and no others meet so many: those off are liars. Where more than f are off, the dealer is malicious.</para>
/// <para><b>What counting proves.</b> Each dispute has a malicious member at one end. A member in dispute with more than f others is
/// malicious, for if it were honest they all would be. Of the rest then at most f - 1 are, and the argument is repeated without it.
/// So a dealer cannot get an honest checker accused, nor can f of them together; and a checker cannot keep more than f dealers out by disputes.</para>
/// <para><b>What is done.</b> The reports of malicious members are not heard. Every other dealer in dispute sits the round out, as an honest victim
/// or as the culprit: a dealer kept has no honest checker whose share is known to be bad, so that at most the f malicious send wrong key sums.</para>
/// <para>More members proved malicious than f means that the assumption does not hold; then nothing is concluded and all reports are heard. A
/// finding that is missing, or says that the share is not the committed one, is no dispute: the coordinator hands the shares on, and may be to blame.</para>
/// </remarks>
public sealed class ShareDisputes
{
    private readonly (MemberId Checker, ShareReport Report)[] _reports;
    private readonly bool _hearsAll;

    private ShareDisputes(
        IReadOnlyList<ShareDispute> all, IReadOnlyList<MemberId> malicious, (MemberId Checker, ShareReport Report)[] reports, int threshold)
    {
        (All, Malicious, _reports) = (all, malicious, reports);
        _hearsAll = reports.Count(item => !malicious.Contains(item.Checker)) < threshold;
    }

    /// <summary>All disputes, ascending by dealer, then by checker.</summary>
    public IReadOnlyList<ShareDispute> All { get; }

    /// <summary>Members that are certain to be malicious, ascending.</summary>
    public IReadOnlyList<MemberId> Malicious { get; }

    /// <summary>
    /// The reports that count where a dealer is judged: those of all but <see cref="Malicious"/>, unless fewer than t would be left. The dealer's own
    /// report is always heard: it says nothing false against itself.
    /// </summary>
    public IReadOnlyCollection<ShareReport> HeardOn(MemberId dealer) =>
        [.. _reports.Where(item => _hearsAll || item.Checker == dealer || !Malicious.Contains(item.Checker)).Select(item => item.Report)];

    /// <summary>Takes the reports of one round, each of which has passed <see cref="RoundClosingRules.TryOpenReport"/>.</summary>
    public static ShareDisputes Of(RoundContext context, IReadOnlyCollection<ShareReport> reports)
    {
        int tolerated = context.Sharing.ToleratedMalicious;
        var disputes = new SortedSet<(MemberId Dealer, MemberId Checker)>(NotOpening(context, reports));
        Dictionary<MemberId, IReadOnlyDictionary<int, ShareCheckValue>> contradicting = Contradicting(context, reports);
        var malicious = new SortedSet<MemberId>();
        int before;
        do
        {
            before = malicious.Count;
            int left = tolerated - before;
            // A dealer is decoded once: its polynomials do not change when more liars are known.
            foreach (MemberId dealer in contradicting.Keys.Except(malicious).ToArray())
            {
                Dictionary<int, ShareCheckValue> values = contradicting[dealer]
                    .Where(value => !malicious.Contains(context.MemberAt((ushort)value.Key)!.Value)).ToDictionary();
                if (!context.Sharing.NamesLiars(values.Count, left))
                    continue;
                contradicting.Remove(dealer);
                if (DegreeCheck.TryLocateWrong(context.Sharing, values, out IReadOnlyList<int> off) && off.Count <= left)
                    disputes.UnionWith(off.Select(point => (dealer, context.MemberAt((ushort)point)!.Value)));
                else
                    malicious.Add(dealer);
            }
            malicious.UnionWith(AtOddsWithMore(disputes, malicious, left));
        }
        while (malicious.Count > before && malicious.Count <= tolerated);
        if (malicious.Count > tolerated)
            malicious.Clear();
        return new ShareDisputes(
            [.. disputes.Select(dispute => new ShareDispute(dispute.Dealer, dispute.Checker))], [.. malicious],
            [.. reports.Select(report => (context.MemberAt(report.Receiver)!.Value, report))], context.Sharing.Threshold);
    }

    /// <summary>The check values of one dealer, by receiver.</summary>
    internal static Dictionary<int, ShareCheckValue> ChecksOf(MemberId dealer, IEnumerable<ShareReport> reports)
    {
        var checks = new Dictionary<int, ShareCheckValue>();
        foreach (ShareReport report in reports)
        {
            if (report.Findings.FirstOrDefault(finding => finding.Dealer == dealer) is { Verdict: ShareVerdict.Opened } finding
                && ShareCheckValue.TryParse(finding.Check.Span, out ShareCheckValue value))
                checks.Add(report.Receiver, value);
        }
        return checks;
    }

    private static IEnumerable<(MemberId Dealer, MemberId Checker)> NotOpening(RoundContext context, IReadOnlyCollection<ShareReport> reports) =>
        from report in reports
        from finding in report.Findings
        where finding.Verdict == ShareVerdict.DoesNotOpen && context.Agreement.Find(finding.Dealer) is not null
        select (finding.Dealer, context.MemberAt(report.Receiver)!.Value);

    /// <summary>The check values of each dealer whose values do not all lie on common polynomials.</summary>
    private static Dictionary<MemberId, IReadOnlyDictionary<int, ShareCheckValue>> Contradicting(
        RoundContext context, IReadOnlyCollection<ShareReport> reports)
    {
        var contradicting = new Dictionary<MemberId, IReadOnlyDictionary<int, ShareCheckValue>>();
        foreach (MemberId dealer in context.Agreement.Members.Select(member => member.Id))
        {
            Dictionary<int, ShareCheckValue> values = ChecksOf(dealer, reports);
            if (values.Count > context.Sharing.Threshold && !DegreeCheck.IsConsistent(context.Sharing, values))
                contradicting.Add(dealer, values);
        }
        return contradicting;
    }

    /// <summary>Members in dispute with themselves, or with more than so many others; disputes with known malicious members prove nothing.</summary>
    private static MemberId[] AtOddsWithMore(
        SortedSet<(MemberId Dealer, MemberId Checker)> disputes, SortedSet<MemberId> known, int tolerated)
    {
        IEnumerable<(MemberId Dealer, MemberId Checker)> open =
            disputes.Where(dispute => !known.Contains(dispute.Dealer) && !known.Contains(dispute.Checker));
        return [.. open.SelectMany(dispute => new[] { (Member: dispute.Dealer, Other: dispute.Checker), (Member: dispute.Checker, Other: dispute.Dealer) })
            .Distinct().GroupBy(pair => pair.Member, pair => pair.Other)
            .Where(others => others.Count() > tolerated || others.Contains(others.Key)).Select(others => others.Key)];
    }
}
