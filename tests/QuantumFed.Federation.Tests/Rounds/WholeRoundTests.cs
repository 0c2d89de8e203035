using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

public sealed class WholeRoundTests
{
    [Theory]
    [InlineData(4, 3)]
    [InlineData(7, 3)]
    [InlineData(4, 45)]
    public void The_federated_model_is_pooled_newton(int members, int features)
    {
        int rounds = features > 3 ? 2 : 4;
        using var hospitals = new Hospitals(members, features, rounds: rounds);
        ModelState federated = hospitals.InitialModel;
        for (int round = 0; round < RoundTask.RoundCount(hospitals.Agreement.Task); round++)
        {
            using var play = new RoundPlay(hospitals, new RoundId((ulong)round), federated);
            Assert.Equal(round == 0 ? RoundPurpose.Moments : RoundPurpose.NewtonStep, play.Context.Plan.Purpose);
            var completed = Assert.IsType<RoundCompletion.Completed>(play.Finish());
            Assert.Empty(completed.Disagreeing);
            ReplayResult replay = play.Replay(completed.Finalization);
            Assert.True(replay.Verified, string.Join("\n", replay.Findings));
            Assert.Equal(completed.Model.ToCanonicalBytes(), replay.Model!.ToCanonicalBytes());
            federated = completed.Model;
        }

        IReadOnlyList<int> magnitudes = hospitals.Agreement.Task.Magnitudes;
        var moments = Assert.IsType<StepOutcome<ModelState>.Stepped>(
            MomentStep.Apply(hospitals.InitialModel, MomentStatistics.Compute(hospitals.Pooled, magnitudes), magnitudes));
        LogisticModel pooled = moments.Model.ToLogistic(), joint = federated.ToLogistic();
        Dataset rows = pooled.Standardisation!.Apply(hospitals.Pooled);
        for (int round = 0; round < rounds; round++)
            pooled = Assert.IsType<StepOutcome<LogisticModel>.Stepped>(NewtonStep.Apply(pooled, NewtonStatistics.Compute(rows, pooled), 1)).Model;
        Assert.Equal(pooled.Intercept, joint.Intercept, 1e-6);
        Assert.All(pooled.Weights.ToArray().Zip(joint.Weights.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.True(pooled.Weights.ToArray().Max(Math.Abs) > 0.1);
    }

    [Fact]
    public void With_each_centres_own_standardisation_training_begins_at_once()
    {
        using var hospitals = new Hospitals(standardise: Standardise.Centre);
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        Assert.Equal(RoundPurpose.NewtonStep, play.Context.Plan.Purpose);
        var completed = Assert.IsType<RoundCompletion.Completed>(play.Finish());
        Assert.Null(completed.Model.Standardisation);
        Assert.True(play.Replay(completed.Finalization).Verified);
    }

    [Fact]
    public void The_same_data_give_the_same_model_bytes_though_all_keys_differ()
    {
        using Hospitals first = new(), second = new();
        using RoundPlay one = new(first, new RoundId(0), first.InitialModel), two = new(second, new RoundId(0), second.InitialModel);
        var a = Assert.IsType<RoundCompletion.Completed>(one.Finish());
        var b = Assert.IsType<RoundCompletion.Completed>(two.Finish());
        Assert.Equal(a.Model.ToCanonicalBytes(), b.Model.ToCanonicalBytes());
        Assert.Empty(a.Transcript.Objects.Select(item => item.Entry.Digest).Intersect(
            b.Transcript.Objects.Where(item => item.Entry.Label != TranscriptLabels.Model).Select(item => item.Entry.Digest)));
    }

    [Fact]
    public void A_member_that_did_not_commit_takes_no_part_and_the_round_completes()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        play.CommitAll(except: [hospitals[2]]);
        play.Freeze();
        play.UploadAll();
        play.ReportAll();
        RoundClosing closing = play.Close();
        Assert.Equal([hospitals[0], hospitals[1], hospitals[3]], closing.Participants);
        Assert.Empty(closing.Exclusions);
        play.OpenAll();
        var completed = Assert.IsType<RoundCompletion.Completed>(play.Complete());
        Assert.True(play.Replay(completed.Finalization).Verified);
    }

    [Fact]
    public void A_member_that_did_not_deliver_is_excluded_by_name()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        play.CommitAll();
        play.Freeze();
        foreach (MemberId member in hospitals.Members.Skip(1))
            Assert.Null(play.Upload(member));
        play.ReportAll();
        Assert.Equal([new Exclusion(hospitals[0], ExclusionReason.NotDelivered)], play.Close().Exclusions);
        play.OpenAll();
        Assert.True(play.Replay(play.Complete().Finalization).Verified);
    }

    [Fact]
    public void A_committee_of_a_threshold_is_enough()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel, seated: member => member != hospitals[1]);
        play.CommitAll();
        play.Freeze();
        play.UploadAll();
        play.ReportAll(except: [hospitals[1]]);
        Assert.Equal(4, play.Close().Participants.Count);
        play.OpenAll(except: [hospitals[1]]);
        var completed = Assert.IsType<RoundCompletion.Completed>(play.Complete());
        Assert.True(play.Replay(completed.Finalization).Verified);
    }

    [Fact]
    public void A_committee_member_without_a_seat_refuses_and_does_not_break()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel, seated: member => member != hospitals[1]);
        play.CommitAll();
        play.Freeze();
        play.UploadAll();
        Assert.False(play.Committee(hospitals[1]).TryReport(play.Ledger, play.Coordinator.SharesFor(hospitals[0]), out _, out string? failure));
        Assert.Contains("no seat", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_comes_back_from_its_bytes_and_damaged_bytes_do_not_throw()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        byte[] bytes = play.Encrypt(hospitals[0]).ToArray();
        Assert.True(PreparedUpdate.TryParse(bytes, out PreparedUpdate? update));
        Assert.Equal(bytes, update.ToArray());
        Assert.False(PreparedUpdate.TryParse(bytes.AsSpan(1), out _));
        Assert.False(PreparedUpdate.TryParse([.. bytes, 0], out _));
        var random = new Random(5);
        for (int run = 0; run < 200; run++)
        {
            byte[] damaged = (byte[])bytes.Clone();
            damaged[random.Next(100)] = (byte)random.Next(256);
            if (PreparedUpdate.TryParse(damaged.AsSpan(0, random.Next(bytes.Length)), out _) || PreparedUpdate.TryParse(damaged, out update))
                Assert.Equal(damaged, update!.ToArray());
        }
    }

    [Fact]
    public void Encrypting_twice_uses_two_secrets()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        PreparedUpdate one = play.Encrypt(hospitals[0]), two = play.Encrypt(hospitals[0]);
        Assert.NotEqual(one.Ciphertext, two.Ciphertext);
        Assert.True(one.Manifest.TryReadUnverified(out UpdateManifest? a) && two.Manifest.TryReadUnverified(out UpdateManifest? b) && a.Salt != b.Salt);
        Assert.Empty(one.SealedShares.Intersect(two.SealedShares));
        Assert.Throws<ArgumentException>(() => UpdateEncryptor.Encrypt(play.Context, play.Seed, hospitals[0], hospitals.KeyOf(hospitals[0]), [1, 2, 3]));
    }
}
