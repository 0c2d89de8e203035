using System.Buffers;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>A coordinator that stops between closing a round and finishing it: closed counts as opened, so the round is finished from what was kept.</summary>
public sealed class ResumeTests
{
    [Fact]
    public void A_closed_round_is_finished_from_what_was_kept_and_gives_the_same_model()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        TranscriptIndex kept = CloseAndKeep(play);
        Assert.True(Resume(play, kept, out CoordinatorRound? resumed, out string? failure), failure);
        foreach (MemberId member in hospitals.Members)
            Assert.True(resumed!.TryAddKeySum(play.Open(member).KeySum!, out failure), failure);
        var completed = Assert.IsType<RoundCompletion.Completed>(resumed!.Complete(RoundPlay.EndedAt, RoundPlay.Software));
        play.Record(completed.Transcript, completed.Finalization, completed: true);
        ReplayResult replay = play.Replay(completed.Finalization);
        Assert.True(replay.Verified, string.Join("\n", replay.Findings));

        using var same = new Hospitals();
        using var uninterrupted = new RoundPlay(same, new RoundId(0), same.InitialModel);
        var expected = Assert.IsType<RoundCompletion.Completed>(uninterrupted.Finish());
        Assert.Equal(expected.Model.ToCanonicalBytes(), completed.Model.ToCanonicalBytes());
    }

    [Fact]
    public void A_resumed_round_takes_no_more_updates_and_no_other_set()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        MemberId late = hospitals[3];
        TranscriptIndex kept = CloseAndKeep(play, late);
        Assert.True(Resume(play, kept, out CoordinatorRound? resumed, out string? failure), failure);
        Assert.False(resumed!.TryAddUpdate(late, play.Updates[late], null, out _));
        Assert.True(resumed.TryClose(out SignedMessage? message, out _, out failure), failure);
        Assert.Equal(play.Closing!.Digest, message!.Digest);
    }

    [Fact]
    public void What_was_kept_must_be_whole_and_be_what_the_ledger_closed()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        TranscriptIndex kept = CloseAndKeep(play);
        foreach (string label in new[]
        {
            TranscriptLabels.Plan, TranscriptLabels.Closing, TranscriptLabels.Manifest(hospitals[1]), TranscriptLabels.Ciphertext(hospitals[2]),
        })
        {
            var less = new TranscriptIndex([.. kept.Entries.Where(entry => entry.Label != label)]);
            Assert.False(Resume(play, less, out _, out string? failure), label);
            Assert.NotEmpty(failure!);
        }
        play.Ledger = play.Ledger with { Closing = Digest.Of("another"u8) };
        Assert.False(Resume(play, kept, out _, out _));
    }

    [Fact]
    public void A_committee_member_that_restarts_opens_from_its_kept_shares_and_says_the_same()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        CloseAndKeep(play);
        MemberId member = hospitals[1];
        (SignedMessage? before, string? failure) = play.Open(member);
        Assert.True(before is not null, failure);
        using CommitteeRound restarted = play.Restarted(member);
        Assert.False(restarted.HasShares);
        Assert.NotNull(play.Open(member, committee: restarted).Failure);
        Assert.True(restarted.TryReport(play.Ledger, play.Coordinator.SharesFor(member), out _, out failure), failure);
        Assert.True(restarted.HasShares);
        (SignedMessage? after, failure) = play.Open(member, committee: restarted);
        Assert.True(after is not null, failure);
        Assert.Equal(before.Body.ToArray(), after.Body.ToArray());
        Assert.Single(hospitals.JournalOf(member).Openings);
    }

    private static TranscriptIndex CloseAndKeep(RoundPlay play, MemberId? late = null)
    {
        play.CommitAll();
        play.Freeze();
        foreach (MemberId member in play.Updates.Keys.Where(member => member != late))
            Assert.Null(play.Upload(member));
        play.ReportAll();
        play.Close();
        RoundTranscript transcript = play.Coordinator.ClosedTranscript;
        foreach ((_, byte[] data) in transcript.Objects)
            play.Hospitals.Objects.Put(data);
        return transcript.Index;
    }

    private static bool Resume(RoundPlay play, TranscriptIndex kept, out CoordinatorRound? resumed, out string? failure) =>
        CoordinatorRound.TryResume(
            play.Hospitals.Agreement, play.Ledger, kept, play.Hospitals.Objects, play.Hospitals.InitialModel, play.Hospitals.CoordinatorKey,
            MemoryPool<ulong>.Shared, out resumed, out failure);
}
