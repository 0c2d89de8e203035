using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>A coordinator, or a chain, that wants a committee member to open what it must not.</summary>
public sealed class OpeningTests : IDisposable
{
    private readonly Hospitals _hospitals = new();
    private readonly RoundPlay _play;

    public OpeningTests() => _play = new RoundPlay(_hospitals, new RoundId(0), _hospitals.InitialModel);

    private MemberId Judge => _hospitals[0];

    [Fact]
    public void A_set_that_is_not_the_ledgers_is_not_opened()
    {
        RoundClosing closing = CloseHonestly();
        RoundClosing smaller = closing with
        {
            Participants = [.. closing.Participants.Take(3)],
            Exclusions = [new Exclusion(closing.Participants[3], ExclusionReason.NotDelivered)],
        };
        SignedMessage forged = SignedMessage.Sign(smaller, _hospitals.Agreement.Coordinator.Id, _hospitals.CoordinatorKey);
        AssertRefused("not the one that the ledger records", forged);
        // Also where the ledger holds the set but another digest, or the digest but another set.
        _play.Ledger = _play.Ledger with { Closing = forged.BodyDigest };
        AssertRefused("not the one that the ledger records", forged);
        AssertRefused("not the one that the ledger records", _play.Closing!);
    }

    [Fact]
    public void A_set_that_is_too_small_is_not_opened_even_if_the_ledger_records_it()
    {
        RoundClosing closing = CloseHonestly();
        SignedMessage forged = _play.ForceClose(closing with
        {
            Participants = [.. closing.Participants.Take(2)],
            Exclusions = [.. closing.Participants.Skip(2).Select(member => new Exclusion(member, ExclusionReason.NotDelivered))],
        });
        AssertRefused("The set has 2 members; at least 3 are needed.", forged);
        AssertRefused("The set has 0 members", _play.ForceClose(closing with { Participants = [], Exclusions = [] }));
    }

    [Fact]
    public void A_round_the_ledger_has_not_closed_is_not_opened()
    {
        CloseHonestly();
        RecordedRound closed = _play.Ledger;
        foreach (RecordedPhase phase in Enum.GetValues<RecordedPhase>())
        {
            _play.Ledger = closed with { Phase = phase };
            if (phase is RecordedPhase.Closed or RecordedPhase.Finalized or RecordedPhase.Failed)
                Assert.NotNull(_play.Open(Judge).KeySum);
            else
                AssertRefused("has not closed", _play.Closing!);
        }
    }

    [Fact]
    public void A_second_set_for_a_round_is_not_opened_also_after_a_restart()
    {
        RoundClosing closing = CloseHonestly();
        Assert.NotNull(_play.Open(Judge).KeySum);
        // Another set that would itself be in order: it rests on the reports of three of the four.
        SignedMessage second = _play.ForceClose(closing with { ShareReports = [.. closing.ShareReports.Take(3)] });
        Assert.Contains("was opened before, for another set", _play.Open(Judge).Failure, StringComparison.Ordinal);
        using CommitteeRound restarted = _play.Restarted(Judge);
        Assert.True(restarted.TryReport(
            _play.Ledger, _play.Coordinator.SharesFor(Judge), out _, out _));
        Assert.Contains("was opened before, for another set", _play.Open(Judge, second, restarted).Failure, StringComparison.Ordinal);
        Assert.Single(_hospitals.JournalOf(Judge).Openings);
        // A member that opened nothing yet may open it: its rule is one set, not the first.
        Assert.NotNull(_play.Open(_hospitals[1], second).KeySum);
    }

    [Fact]
    public void The_same_request_gets_the_same_answer_also_after_a_restart()
    {
        CloseHonestly();
        SignedMessage first = _play.Open(Judge).KeySum!;
        Assert.Equal(first.BodyDigest, _play.Open(Judge).KeySum!.BodyDigest);
        using CommitteeRound restarted = _play.Restarted(Judge);
        Assert.Contains("holds no share", _play.Open(Judge, committee: restarted).Failure, StringComparison.Ordinal);
        Assert.True(restarted.TryReport(_play.Ledger, _play.Coordinator.SharesFor(Judge), out _, out _));
        Assert.Equal(first.BodyDigest, _play.Open(Judge, committee: restarted).KeySum!.BodyDigest);
        Assert.Single(_hospitals.JournalOf(Judge).Openings);
    }

    [Fact]
    public void Nothing_leaves_a_member_whose_journal_cannot_be_written()
    {
        CloseHonestly();
        MemoryJournal journal = _hospitals.JournalOf(Judge);
        journal.Full = true;
        Assert.Throws<IOException>(() => _play.Open(Judge));
        journal.Full = false;
        Assert.NotNull(_play.Open(Judge).KeySum);
        Opening opening = Assert.Single(journal.Openings);
        Assert.Equal(
            (new RoundId(0), _play.Closing!.BodyDigest, _play.Context.Plan.PreviousModel), (opening.Round, opening.Closing, opening.PreviousModel));
        Assert.Equal(_hospitals.Members, opening.Participants);
    }

    [Fact]
    public void A_member_that_left_the_round_has_neither_key_nor_shares()
    {
        CloseHonestly();
        CommitteeRound committee = _play.Restarted(Judge);
        IReadOnlyList<DealtManifest> dealt = _play.Coordinator.SharesFor(Judge);
        Assert.True(committee.TryReport(_play.Ledger, dealt, out _, out _));
        Assert.True(committee.HasShares);
        committee.Dispose();
        Assert.False(committee.HasShares);
        Assert.Contains("holds no share", _play.Open(Judge, committee: committee).Failure, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => committee.TryReport(_play.Ledger, dealt, out _, out _));
        Assert.Empty(_hospitals.JournalOf(Judge).Openings);
    }

    [Fact]
    public void The_journal_is_written_before_the_sum_is_there()
    {
        CloseHonestly();
        MemoryJournal journal = _hospitals.JournalOf(Judge);
        SignedMessage? keySum = null;
        bool wasThere = true;
        journal.Appending = () => wasThere = keySum is not null;
        Assert.True(_play.Committee(Judge).TryOpen(_play.Ledger, _play.Closing!, _hospitals.Objects, journal, out keySum, out _));
        Assert.False(wasThere);
        Assert.Single(journal.Openings);
    }

    [Fact]
    public void A_closing_of_anybody_but_the_coordinator_is_refused()
    {
        RoundClosing closing = CloseHonestly();
        AssertRefused("not signed by the coordinator", SignedMessage.Sign(closing, _hospitals[1], _hospitals.KeyOf(_hospitals[1])));
        AssertRefused("not signed by the coordinator", SignedMessage.Sign(closing, _hospitals.Agreement.Coordinator.Id, _hospitals.KeyOf(_hospitals[1])));
    }

    [Fact]
    public void A_closing_that_names_too_few_or_repeated_or_missing_reports_is_refused()
    {
        RoundClosing closing = CloseHonestly();
        AssertRefused("2 share reports; 3 are needed", _play.ForceClose(closing with { ShareReports = [.. closing.ShareReports.Take(2)] }));
        AssertRefused("repeated", _play.ForceClose(closing with { ShareReports = [.. closing.ShareReports.Take(3), closing.ShareReports[0]] }));
        AssertRefused("missing", _play.ForceClose(closing with { ShareReports = [.. closing.ShareReports.Take(3), Digest.Of("no report"u8)] }));
        AssertRefused("another plan", _play.ForceClose(closing with { Plan = Digest.Of("another"u8) }));
    }

    [Fact]
    public void A_set_with_somebody_who_did_not_commit_is_refused()
    {
        _play.CommitAll(except: [_hospitals[3]]);
        _play.Freeze();
        _play.UploadAll();
        _play.ReportAll();
        RoundClosing closing = _play.Close();
        AssertRefused(
            $"'{_hospitals[3]}' is in the set", _play.ForceClose(closing with { Participants = [.. closing.Participants, _hospitals[3]] }));
        AssertRefused("not together those who committed", _play.ForceClose(
            closing with { Exclusions = [new Exclusion(_hospitals[3], ExclusionReason.NotDelivered)] }));
    }

    [Fact]
    public void A_coordinator_cannot_exclude_a_member_that_the_reports_clear()
    {
        var wide = new Hospitals(7);
        using (wide)
        using (var play = new RoundPlay(wide, new RoundId(0), wide.InitialModel))
        {
            play.CommitAll();
            play.Freeze();
            play.UploadAll();
            play.ReportAll();
            RoundClosing closing = play.Close();
            MemberId victim = wide[5];
            foreach (ExclusionReason reason in Enum.GetValues<ExclusionReason>())
            {
                SignedMessage forged = play.ForceClose(closing with
                {
                    Participants = [.. closing.Participants.Where(member => member != victim)],
                    Exclusions = [new Exclusion(victim, reason)],
                });
                Assert.Contains($"The exclusion of '{victim}' ({reason}) does not follow", play.Open(wide[0], forged).Failure, StringComparison.Ordinal);
            }
            SignedMessage silent = play.ForceClose(closing with { Participants = [.. closing.Participants.Where(member => member != victim)] });
            Assert.Contains("not together those who committed", play.Open(wide[0], silent).Failure, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        _play.Dispose();
        _hospitals.Dispose();
    }

    private RoundClosing CloseHonestly()
    {
        _play.CommitAll();
        _play.Freeze();
        _play.UploadAll();
        _play.ReportAll();
        return _play.Close();
    }

    private void AssertRefused(string sentence, SignedMessage closing)
    {
        int before = _hospitals.JournalOf(Judge).Openings.Count;
        (SignedMessage? keySum, string? failure) = _play.Open(Judge, closing);
        Assert.Null(keySum);
        Assert.Contains(sentence, failure, StringComparison.Ordinal);
        Assert.Equal(before, _hospitals.JournalOf(Judge).Openings.Count);
    }
}
