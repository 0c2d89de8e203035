using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>A committee member that lies about the shares dealt to it.</summary>
public sealed class CheckerTests : IDisposable
{
    private readonly Hospitals _hospitals = new();
    private readonly RoundPlay _play;

    public CheckerTests()
    {
        _play = new RoundPlay(_hospitals, new RoundId(0), _hospitals.InitialModel);
        _play.CommitAll();
        _play.Freeze();
        _play.UploadAll();
    }

    private MemberId Liar => _hospitals[2];

    private MemberId Victim => _hospitals[1];

    [Fact]
    public void A_lying_checker_costs_a_dealer_the_round_but_never_a_wrong_sum()
    {
        // M = 4 < t + 2f: nobody can tell which of the two lies, so the dealer sits out and both sides are on record.
        AddReport(report => report with { Findings = [.. report.Findings.Select(finding => finding.Dealer == Victim ? Altered(finding) : finding)] });
        _play.ReportAll(except: [Liar]);
        Assert.Equal([new Exclusion(Victim, ExclusionReason.InconsistentShares)], _play.Close().Exclusions);
        _play.OpenAll();
        var completed = Assert.IsType<RoundCompletion.Completed>(_play.Complete());
        Assert.True(_play.Replay(completed.Finalization).Verified);
        Assert.Equal(4, completed.Transcript.Objects.Count(item => item.Entry.Label.StartsWith("share-report/", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_checker_that_names_no_finding_for_a_dealer_excludes_it_as_not_delivered()
    {
        AddReport(report => report with { Findings = [.. report.Findings.Where(finding => finding.Dealer != Victim)] });
        _play.ReportAll(except: [Liar]);
        Assert.Equal([new Exclusion(Victim, ExclusionReason.NotDelivered)], _play.Close().Exclusions);
    }

    [Fact]
    public void A_checker_that_lies_about_more_dealers_than_could_lie_is_heard_on_itself_only()
    {
        // f = 1: were it honest, three dealers would be malicious. Only its own shares are out, on its own word.
        AddReport(NothingOpens);
        _play.ReportAll(except: [Liar]);
        RoundClosing closing = _play.Close();
        Assert.Equal([new Exclusion(Liar, ExclusionReason.ShareDoesNotOpen)], closing.Exclusions);
        Assert.Equal(_hospitals.Members.Where(member => member != Liar), closing.Participants);
        Assert.Equal(4, closing.ShareReports.Count);
        _play.OpenAll();
        Assert.True(_play.Replay(_play.Complete().Finalization).Verified);
    }

    [Fact]
    public void A_checker_proved_malicious_that_goes_on_lying_changes_no_model()
    {
        // M = 6 = t + 2f: false check values about two dealers prove it, and its key sum is wrong too.
        using var wide = new Hospitals(6);
        using var play = new RoundPlay(wide, new RoundId(0), wide.InitialModel);
        using var honest = new RoundPlay(wide, new RoundId(9), wide.InitialModel);
        byte[] expected = Assert.IsType<RoundCompletion.Completed>(honest.Finish()).Model.ToCanonicalBytes();
        play.CommitAll();
        play.Freeze();
        play.UploadAll();
        MemberId liar = wide[2];
        Assert.True(play.Report(liar).TryReadUnverified(out ShareReport? report));
        SignedMessage lie = SignedMessage.Sign(
            report with { Findings = [.. report.Findings.Select((finding, i) => i < 2 ? Altered(finding) : finding)] }, liar, wide.KeyOf(liar));
        wide.Objects.Put(lie.ToArray());
        Assert.True(play.Coordinator.TryAddShareReport(lie, out _));
        play.ReportAll(except: [liar]);
        Assert.Empty(play.Close().Exclusions);
        Assert.True(play.Open(liar).KeySum!.TryReadUnverified(out KeySumShare? share));
        byte[] sum = share.Sum.ToArray();
        sum[1] ^= 1;
        Assert.True(play.Coordinator.TryAddKeySum(SignedMessage.Sign(share with { Sum = sum }, liar, wide.KeyOf(liar)), out _));
        play.OpenAll(except: [liar]);
        var completed = Assert.IsType<RoundCompletion.Completed>(play.Complete());
        Assert.Equal([liar], completed.Disagreeing);
        Assert.Equal(expected, completed.Model.ToCanonicalBytes());
        Assert.True(play.Replay(completed.Finalization).Verified);
    }

    [Fact]
    public void More_lying_checkers_than_are_tolerated_stop_the_round_before_it_is_closed()
    {
        AddReport(NothingOpens);
        AddReport(NothingOpens, Victim);
        _play.ReportAll(except: [Liar, Victim]);
        Assert.False(_play.Coordinator.TryClose(out SignedMessage? message, out RoundClosing? closing, out string? failure));
        Assert.Null(message);
        Assert.Null(closing);
        Assert.Contains("Only 0 members would be in the sum; 3 are needed.", failure, StringComparison.Ordinal);
        Assert.Contains($"'{Victim}' is out: ShareDoesNotOpen.", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_on_somebody_who_did_not_commit_change_nothing()
    {
        AddReport(report => report with
        {
            Findings = [.. report.Findings, new ShareFinding(MemberId.Parse("zorro"), ShareVerdict.DoesNotOpen, default)],
        });
        _play.ReportAll(except: [Liar]);
        RoundClosing closing = _play.Close();
        Assert.Empty(closing.Exclusions);
        Assert.Equal(4, closing.Participants.Count);
        _play.OpenAll();
        Assert.True(_play.Replay(_play.Complete().Finalization).Verified);
    }

    [Fact]
    public void A_report_that_is_not_one_of_this_round_is_refused()
    {
        ShareReport report = Honest();
        AssertRefused(Sign(report with { Challenge = Digest.Of("a challenge known before"u8) }));
        AssertRefused(Sign(report with { Plan = Digest.Of("another plan"u8) }));
        AssertRefused(Sign(report with { Receiver = 1 }));
        AssertRefused(Sign(report with { Receiver = 9 }));
        AssertRefused(Sign(report with { Findings = [new ShareFinding(Victim, ShareVerdict.Opened, new byte[11])] }));
        AssertRefused(Sign(report with { Findings = [new ShareFinding(Victim, ShareVerdict.Opened, Enumerable.Repeat((byte)0xff, 12).ToArray())] }));
        AssertRefused(Sign(report with { Findings = [new ShareFinding(Victim, ShareVerdict.DoesNotOpen, new byte[12])] }));
        AssertRefused(SignedMessage.Sign(report, Liar, _hospitals.KeyOf(Victim)));
        AssertRefused(SignedMessage.Sign(report, _hospitals.Agreement.Coordinator.Id, _hospitals.CoordinatorKey));
        Assert.True(_play.Coordinator.TryAddShareReport(Sign(report), out _));
    }

    [Fact]
    public void Fewer_reports_than_the_threshold_close_nothing()
    {
        _play.ReportAll(except: [_hospitals[0], _hospitals[1]]);
        Assert.False(_play.Coordinator.TryClose(out _, out _, out string? failure));
        Assert.Contains("2 committee members reported on their shares; 3 are needed.", failure, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => RoundClosingRules.Close(_play.Context, _play.Ledger, [], new HashSet<MemberId>(), new HashSet<MemberId>()));
    }

    [Fact]
    public void A_closing_that_keeps_a_dealer_whom_the_reports_convict_is_refused()
    {
        AddReport(report => report with { Findings = [.. report.Findings.Select(finding => finding.Dealer == Victim ? Altered(finding) : finding)] });
        _play.ReportAll(except: [Liar]);
        RoundClosing closing = _play.Close();
        SignedMessage forged = _play.ForceClose(closing with { Participants = [.. _hospitals.Members], Exclusions = [] });
        Assert.Contains($"'{Victim}' is in the set, against", _play.Open(_hospitals[0], forged).Failure, StringComparison.Ordinal);
        SignedMessage other = _play.ForceClose(closing with { Exclusions = [new Exclusion(Victim, ExclusionReason.NotDelivered)] });
        Assert.Contains("does not follow", _play.Open(_hospitals[0], other).Failure, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _play.Dispose();
        _hospitals.Dispose();
    }

    private static ShareFinding Altered(ShareFinding finding)
    {
        byte[] check = finding.Check.ToArray();
        check[0] ^= 1;
        return finding with { Check = check };
    }

    private static ShareReport NothingOpens(ShareReport report) => report with
    {
        Findings = [.. report.Findings.Select(finding => new ShareFinding(finding.Dealer, ShareVerdict.DoesNotOpen, default))],
    };

    private ShareReport Honest() => Honest(Liar);

    private ShareReport Honest(MemberId checker)
    {
        Assert.True(_play.Report(checker).TryReadUnverified(out ShareReport? report));
        return report;
    }

    private SignedMessage Sign(ShareReport report) => SignedMessage.Sign(report, Liar, _hospitals.KeyOf(Liar));

    private void AddReport(Func<ShareReport, ShareReport> lie, MemberId? checker = null)
    {
        MemberId liar = checker ?? Liar;
        SignedMessage message = SignedMessage.Sign(lie(Honest(liar)), liar, _hospitals.KeyOf(liar));
        _hospitals.Objects.Put(message.ToArray());
        Assert.True(_play.Coordinator.TryAddShareReport(message, out string? failure), failure);
    }

    private void AssertRefused(SignedMessage message)
    {
        Assert.False(_play.Coordinator.TryAddShareReport(message, out string? failure));
        Assert.Contains("not one of this round", failure, StringComparison.Ordinal);
    }
}
