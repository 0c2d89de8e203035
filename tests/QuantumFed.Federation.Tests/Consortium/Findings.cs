using System.Security.Cryptography;
using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>All members' findings on all members' shares in one round, with real check values and no seals; members by their points. Honest until a test
/// changes them.</summary>
internal sealed class Findings
{
    private readonly RoundPlay _play;
    private readonly Digest _challenge = Digest.Of("challenge"u8);
    private readonly SortedDictionary<(int Checker, int Dealer), ShareFinding> _findings = [];

    public Findings(RoundPlay play)
    {
        _play = play;
        ShareChallenge challenge = ShareChallenge.FromDigest(KaheParameterSet.Kahe2048, _challenge.ToArray());
        int members = play.Context.Sharing.CommitteeSize;
        for (int dealer = 1; dealer <= members; dealer++)
        {
            using KaheSecretKey secret = KaheSecretKey.Generate(play.Context.Parameters);
            using DealtShares shares = SecretSharing.Deal(secret, play.Context.Sharing);
            for (int checker = 1; checker <= members; checker++)
                _findings[(checker, dealer)] = new ShareFinding(At(dealer), ShareVerdict.Opened, shares[checker].MaskedCombination(challenge).ToBytes());
        }
    }

    public int Tolerated => _play.Context.Sharing.ToleratedMalicious;

    public string[] Disputes => [.. Of().All.Select(dispute => $"{PointOf(dispute.Dealer)}-{PointOf(dispute.Checker)}")];

    public int[] Malicious => [.. Of().Malicious.Select(PointOf)];

    /// <summary>Who is not in the set, if all committed.</summary>
    public int[] Excluded
    {
        get
        {
            RecordedRound ledger = _play.Ledger with { Commitments = _play.Hospitals.Members.ToDictionary(member => member, _ => _challenge) };
            (SignedMessage, ShareReport)[] reports = [.. Reports().Select(report => (
                SignedMessage.Sign(report, _play.Context.MemberAt(report.Receiver)!.Value, _play.Hospitals.KeyOf(At(report.Receiver))), report))];
            return [.. RoundClosingRules.Close(_play.Context, ledger, reports, new HashSet<MemberId>(), new HashSet<MemberId>()).Exclusions.Select(exclusion => PointOf(exclusion.Member))];
        }
    }

    /// <summary>The checker publishes a value that is not its share's.</summary>
    public void Lie(int checker, int dealer) => Alter(checker, dealer, 0);

    /// <summary>The checker publishes what follows from a share that is off the dealer's polynomials.</summary>
    public void DealBadShare(int dealer, int checker) => Alter(checker, dealer, 4);

    public void Say(int checker, int dealer, ShareVerdict verdict) => _findings[(checker, dealer)] = new ShareFinding(At(dealer), verdict, default);

    public void Omit(int checker, int dealer) => _findings.Remove((checker, dealer));

    private void Alter(int checker, int dealer, int place)
    {
        ShareFinding finding = _findings[(checker, dealer)];
        if (finding.Check.IsEmpty)
            return;
        byte[] check = finding.Check.ToArray();
        // Random, as the challenge makes it: errors of the same size would cancel at some points, and those shares would be good ones.
        RandomNumberGenerator.Fill(check.AsSpan(place, 3));
        _findings[(checker, dealer)] = finding with { Check = check };
    }

    private ShareDisputes Of() => ShareDisputes.Of(_play.Context, Reports());

    private ShareReport[] Reports() =>
        [.. _findings.GroupBy(pair => pair.Key.Checker).Select(group => new ShareReport(
            _play.Context.PlanDigest, _challenge, (ushort)group.Key, [.. group.Select(pair => pair.Value).OrderBy(finding => finding.Dealer)]))];

    private MemberId At(int point) => _play.Context.MemberAt((ushort)point)!.Value;

    private int PointOf(MemberId member) => _play.Context.Agreement.ReceiverOf(member);
}
