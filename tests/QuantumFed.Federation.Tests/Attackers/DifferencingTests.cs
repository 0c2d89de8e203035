using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>Two sums on one model whose difference is a sum over too few members.</summary>
public sealed class DifferencingTests
{
    [Theory]
    [InlineData(0, 0, 0, true)]
    [InlineData(1, 0, 0, false)]
    [InlineData(2, 0, 0, false)]
    [InlineData(3, 0, 0, true)]
    [InlineData(0, 1, 0, false)]
    [InlineData(0, 2, 0, false)]
    [InlineData(0, 3, 0, true)]
    [InlineData(1, 1, 0, false)]
    [InlineData(3, 2, 0, false)]
    [InlineData(3, 3, 0, true)]
    [InlineData(3, 0, 1, false)]
    [InlineData(4, 0, 1, true)]
    [InlineData(0, 0, 1, true)]
    public void Of_two_openings_of_one_model_each_difference_is_empty_or_large(int removed, int added, int colluders, bool permitted)
    {
        using var hospitals = new Hospitals(10, colluders: colluders);
        using var play = new RoundPlay(hospitals, new RoundId(7), hospitals.InitialModel);
        MemberId[] all = [.. hospitals.Members];
        MemberId[] first = all[..(10 - added)], second = [.. all[removed..]];
        RoundClosing closing = ClosingOf(play, second);
        Opening before = OpeningOf(play, new RoundId(6), first);
        string? refusal = Refusal(play, closing, before);
        Assert.Equal(permitted, refusal is null);
        if (!permitted)
            Assert.Contains("Together with the opening of round 6 on the same model", refusal, StringComparison.Ordinal);
        // On another model, the two sums have nothing in common.
        Assert.Null(Refusal(play, closing, before with { PreviousModel = Digest.Of("another model"u8) }));
        // The order of openings does not matter, nor do others in between.
        Opening other = OpeningOf(play, new RoundId(5), second);
        Assert.Equal(permitted, Refusal(play, closing, other, before) is null);
    }

    [Fact]
    public void A_failed_round_is_not_opened_again_without_one_member()
    {
        using var hospitals = new Hospitals();
        using (var failing = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel))
        {
            failing.Commit(hospitals[3], failing.Deal(hospitals[3], new Dealer { SharesAnotherSecret = true }));
            Assert.IsType<RoundCompletion.Failed>(failing.Finish());
        }
        using var again = new RoundPlay(hospitals, new RoundId(1), hospitals.InitialModel);
        again.CommitAll(except: [hospitals[3]]);
        again.Freeze();
        again.UploadAll();
        again.ReportAll();
        Assert.Equal(3, again.Close().Participants.Count);
        foreach (MemberId member in hospitals.Members)
        {
            (SignedMessage? keySum, string? failure) = again.Open(member);
            Assert.Null(keySum);
            Assert.Contains("single out too few members", failure, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_failed_round_may_be_opened_again_with_the_same_set()
    {
        using var hospitals = new Hospitals();
        using (var failing = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel))
        {
            failing.Commit(hospitals[3], failing.Deal(hospitals[3], new Dealer { SharesAnotherSecret = true }));
            Assert.IsType<RoundCompletion.Failed>(failing.Finish());
        }
        using var again = new RoundPlay(hospitals, new RoundId(1), hospitals.InitialModel);
        Assert.IsType<RoundCompletion.Completed>(again.Finish());
    }

    private static string? Refusal(RoundPlay play, RoundClosing closing, params Opening[] before)
    {
        play.ForceClose(closing);
        return OpeningRules.Refusal(play.Context, play.Ledger, closing, play.Closing!.BodyDigest, before);
    }

    private static RoundClosing ClosingOf(RoundPlay play, MemberId[] participants) => new(play.Context.PlanDigest, participants, [], []);

    private static Opening OpeningOf(RoundPlay play, RoundId round, MemberId[] participants) =>
        new(round, Digest.Of("closing"u8), play.Context.Plan.PreviousModel, participants);
}
