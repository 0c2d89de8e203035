using QuantumFed.Lattice;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>A member that deals wrong shares of its secret.</summary>
public sealed class DealerTests
{
    [Theory]
    [InlineData(4, 1)]
    [InlineData(4, 4)]
    [InlineData(7, 2)]
    public void A_dealer_of_inconsistent_shares_is_excluded_by_name_and_the_rest_is_summed(int members, ushort victim)
    {
        var dealer = new Dealer { Share = (receiver, share) => receiver == victim ? Dealer.Altered(share) : share };
        AssertExcluded(members, dealer, ExclusionReason.InconsistentShares);
    }

    [Fact]
    public void A_dealer_that_seals_garbage_is_excluded_by_name_and_the_rest_is_summed()
    {
        var dealer = new Dealer
        {
            Sealed = (receiver, bytes) =>
            {
                if (receiver == 2)
                    bytes[^1] ^= 1;
                return bytes;
            },
        };
        AssertExcluded(4, dealer, ExclusionReason.ShareDoesNotOpen);
        AssertExcluded(4, new Dealer { Sealed = (receiver, bytes) => receiver == 2 ? [] : bytes }, ExclusionReason.ShareDoesNotOpen);
    }

    [Fact]
    public void A_dealer_that_gives_one_receiver_the_share_of_another_is_excluded()
    {
        // It opens, and its values lie on the polynomials: at another point than this receiver's. Adding it to the others would be an error.
        var dealer = new Dealer { Share = (receiver, share) => receiver == 2 ? Dealer.Readdressed(share, 3) : share };
        AssertExcluded(4, dealer, ExclusionReason.ShareDoesNotOpen);
    }

    [Fact]
    public void A_share_that_is_not_the_committed_one_convicts()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        play.CommitAll();
        play.Freeze();
        play.UploadAll();
        MemberId judge = hospitals[0], dealer = hospitals[1];
        DealtManifest[] dealt = [.. play.Coordinator.SharesFor(judge)
            .Select(item => item.Manifest.Signer == dealer ? item with { SealedShare = play.Updates[dealer].SealedShares[2] } : item)];
        Assert.True(play.Committee(judge).TryReport(play.Ledger, dealt, out SignedMessage? message, out _));
        Assert.True(message.TryReadUnverified(out ShareReport? report));
        Assert.Equal(ShareVerdict.NotTheCommitted, report.Findings.Single(finding => finding.Dealer == dealer).Verdict);
        Assert.All(report.Findings.Where(finding => finding.Dealer != dealer), finding => Assert.Equal(ShareVerdict.Opened, finding.Verdict));
        hospitals.Objects.Put(message.ToArray());
        Assert.True(play.Coordinator.TryAddShareReport(message, out _));
        play.ReportAll(except: [judge]);
        Assert.Equal([new Exclusion(dealer, ExclusionReason.NotTheCommitted)], play.Close().Exclusions);
    }

    [Fact]
    public void No_share_is_answered_for_before_the_ledger_froze_the_commitments()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        play.CommitAll();
        Assert.Empty(play.Coordinator.SharesFor(hospitals[0]));
        DealtManifest[] dealt = [.. play.Updates.Values.Select(update => new DealtManifest(update.Manifest, update.SealedShares[0]))];
        foreach (RecordedPhase phase in new[] { RecordedPhase.None, RecordedPhase.Open, RecordedPhase.Abandoned })
        {
            Assert.False(play.Committee(hospitals[0]).TryReport(play.Ledger with { Phase = phase }, dealt, out SignedMessage? report, out string? failure));
            Assert.Null(report);
            Assert.Contains("has not frozen", failure, StringComparison.Ordinal);
        }
        RecordedRound another = play.Ledger with { Phase = RecordedPhase.Frozen, Plan = Digest.Of("another"u8) };
        Assert.False(play.Committee(hospitals[0]).TryReport(another, dealt, out _, out _));
    }

    [Fact]
    public void A_member_answers_one_challenge_a_round_because_the_masks_hide_one()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        play.CommitAll();
        play.Freeze();
        play.UploadAll();
        CommitteeRound committee = play.Committee(hospitals[0]);
        IReadOnlyList<DealtManifest> dealt = play.Coordinator.SharesFor(hospitals[0]);
        Assert.True(committee.TryReport(play.Ledger, dealt, out SignedMessage? first, out _));
        Assert.True(committee.TryReport(play.Ledger, dealt, out SignedMessage? again, out _));
        Assert.Equal(first.BodyDigest, again.BodyDigest);
        RecordedRound reorganised = play.Ledger with
        {
            Commitments = play.Ledger.Commitments.Where(pair => pair.Key != hospitals[3]).ToDictionary(),
        };
        Assert.False(committee.TryReport(reorganised, dealt, out SignedMessage? second, out string? failure));
        Assert.Null(second);
        Assert.Contains("another challenge", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Encrypting_under_another_secret_than_was_shared_fails_the_round_and_makes_no_model()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        play.Commit(hospitals[1], play.Deal(hospitals[1], new Dealer { SharesAnotherSecret = true }));
        var failed = Assert.IsType<RoundCompletion.Failed>(play.Finish());
        Assert.NotEmpty(failed.Reason);
        Assert.DoesNotContain(failed.Transcript.Objects, item => item.Entry.Label is TranscriptLabels.Model or TranscriptLabels.Outcome);
        Assert.Equal(RecordedPhase.Failed, play.Ledger.Phase);
        Assert.True(play.Ledger.Model.IsZero);
        ReplayResult replay = play.Replay(failed.Finalization);
        Assert.True(replay.Verified, string.Join("\n", replay.Findings));
        Assert.Equal(hospitals.InitialModel.ToCanonicalBytes(), replay.Model!.ToCanonicalBytes());
    }

    [Fact]
    public void A_wrong_secret_does_not_cost_more_where_the_committee_agrees_on_it()
    {
        // 25 members have 1,081,575 subsets of 17. Where all shares lie on the same polynomials, each gives the same key sum.
        using var hospitals = new Hospitals(25);
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        foreach (MemberId member in hospitals.Members.Take(3))
            play.Commit(member, play.Encrypt(member));
        List<CommittedUpdate> updates = [];
        foreach (MemberId member in hospitals.Members.Take(3))
        {
            Assert.True(CommittedUpdate.TryOpen(
                play.Context, play.Seed, play.Ledger.Commitments, play.Updates[member].Manifest, play.Updates[member].Ciphertext,
                out CommittedUpdate? update, out string? refusal), refusal);
            updates.Add(update);
        }
        Dictionary<ushort, ShareSum> zero = Enumerable.Range(1, 25).ToDictionary(point => (ushort)point, ZeroSum);
        var counted = new CountingSums(zero);
        Assert.False(OpenedSum.TryOpen(play.Context, play.Seed, updates, counted, out _, out string? failure));
        Assert.NotEmpty(failure);
    }

    private static ShareSum ZeroSum(int point)
    {
        byte[] bytes = new byte[ShareSum.SizeInBytes(KaheParameterSet.Kahe2048)];
        bytes[0] = (byte)point;
        Assert.True(ShareSum.TryParse(KaheParameterSet.Kahe2048, bytes, out ShareSum? sum));
        return sum;
    }

    private static void AssertExcluded(int members, Dealer dealer, ExclusionReason reason)
    {
        using var hospitals = new Hospitals(members);
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        MemberId liar = hospitals[1];
        play.Commit(liar, play.Deal(liar, dealer));
        play.CommitAll();
        play.Freeze();
        play.UploadAll();
        play.ReportAll();
        RoundClosing closing = play.Close();
        Assert.Equal([new Exclusion(liar, reason)], closing.Exclusions);
        Assert.Equal(hospitals.Members.Where(member => member != liar), closing.Participants);
        play.OpenAll();
        var completed = Assert.IsType<RoundCompletion.Completed>(play.Complete());
        AssertStandardisedBy(completed.Model, hospitals, closing.Participants);
        ReplayResult replay = play.Replay(completed.Finalization);
        Assert.True(replay.Verified, string.Join("\n", replay.Findings));
        Assert.Equal(completed.Model.ToCanonicalBytes(), replay.Model!.ToCanonicalBytes());
    }

    private static void AssertStandardisedBy(ModelState model, Hospitals hospitals, IEnumerable<MemberId> participants)
    {
        IReadOnlyList<int> magnitudes = hospitals.Agreement.Task.Magnitudes;
        double[] sums = new double[MomentStatistics.LengthFor(model.Shape.FeatureCount)];
        foreach (double[] statistics in participants.Select(member => MomentStatistics.Compute(hospitals.DataOf(member), magnitudes)))
        {
            for (int i = 0; i < sums.Length; i++)
                sums[i] += statistics[i];
        }
        ModelState expected = Assert.IsType<StepOutcome<ModelState>.Stepped>(MomentStep.Apply(hospitals.InitialModel, sums, magnitudes)).Model;
        Assert.All(
            expected.Standardisation!.Means.ToArray().Zip(model.Standardisation!.Means.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.All(
            expected.Standardisation.Scales.ToArray().Zip(model.Standardisation.Scales.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }
}
