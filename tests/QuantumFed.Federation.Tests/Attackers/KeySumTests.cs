using System.Security.Cryptography;
using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>A committee member that opens something else than the sum of its shares, or nothing.</summary>
public sealed class KeySumTests
{
    [Theory]
    [InlineData(4, new[] { 0 })]
    [InlineData(4, new[] { 3 })]
    [InlineData(7, new[] { 0, 1 })]
    [InlineData(7, new[] { 2, 6 })]
    [InlineData(13, new[] { 0, 1 })]
    [InlineData(13, new[] { 0, 1, 2, 3 })]
    public void Wrong_key_sums_up_to_those_tolerated_are_named_and_the_model_stays_right(int members, int[] liars)
    {
        using var hospitals = new Hospitals(members);
        byte[] expected = Model(hospitals);
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        MemberId[] lying = [.. liars.Select(liar => hospitals[liar])];
        ToClosed(play);
        foreach (MemberId liar in lying)
            Assert.True(play.Coordinator.TryAddKeySum(Lie(play, liar, bytes => bytes[100 * bytes[0]] ^= 1), out _));
        play.OpenAll(except: lying);
        var completed = Assert.IsType<RoundCompletion.Completed>(play.Complete());
        Assert.Equal(lying, completed.Disagreeing);
        Assert.Equal(expected, completed.Model.ToCanonicalBytes());
        ReplayResult replay = play.Replay(completed.Finalization);
        Assert.True(replay.Verified, string.Join("\n", replay.Findings));
    }

    [Fact]
    public void While_a_share_is_missing_a_contradiction_is_no_reason_to_give_the_round_up()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        ToClosed(play);
        Assert.False(play.Coordinator.CanOpen);
        Assert.True(play.Coordinator.TryAddKeySum(Lie(play, hospitals[0], AddOne), out _));
        play.OpenAll(except: [hospitals[0], hospitals[3]]);
        Assert.False(play.Coordinator.CanOpen);
        play.OpenAll(except: [hospitals[0], hospitals[1], hospitals[2]]);
        Assert.True(play.Coordinator.CanOpen);
        Assert.Equal([hospitals[0]], Assert.IsType<RoundCompletion.Completed>(play.Complete()).Disagreeing);
    }

    [Fact]
    public void A_round_recorded_as_failed_on_fewer_than_a_threshold_of_key_sums_is_found()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        ToClosed(play);
        play.OpenAll(except: [hospitals[0], hospitals[1]]);
        var failed = Assert.IsType<RoundCompletion.Failed>(play.Complete());
        ReplayFinding finding = Assert.Single(play.Replay(failed.Finalization).Findings);
        Assert.Equal("ledger", finding.Subject);
    }

    [Fact]
    public void Two_liars_whose_errors_cancel_change_no_model_but_cannot_be_told_from_the_honest()
    {
        // M = 7 < t + 2f = 9. In {3, 4, 5, 6, 7} the weights of points 3 and 4 at 0 are 35 and -105, so errors of 3 and 1 cancel: these five lie on one
        // polynomial, the honest five on another, and both give the right sum. Disagreeing says who contradicts whom, not who lied.
        using var hospitals = new Hospitals(7);
        byte[] expected = Model(hospitals);
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        ToClosed(play);
        MemberId[] liars = [hospitals[2], hospitals[3]];
        Assert.True(play.Coordinator.TryAddKeySum(Lie(play, liars[0], bytes => Add(bytes, 3)), out _));
        Assert.True(play.Coordinator.TryAddKeySum(Lie(play, liars[1], AddOne), out _));
        play.OpenAll(except: liars);
        var completed = Assert.IsType<RoundCompletion.Completed>(play.Complete());
        Assert.Equal(expected, completed.Model.ToCanonicalBytes());
        Assert.Equal([hospitals[0], hospitals[1]], completed.Disagreeing);
        Assert.True(play.Replay(completed.Finalization).Verified);
        Assert.Empty(OpenedOf(play).Liars(play.Context.Sharing, [.. play.Context.Plan.Committee.Select(seat => seat.Receiver)]));
    }

    [Fact]
    public void Where_M_reaches_t_plus_2f_a_liar_is_named_unless_its_shares_went_unchecked()
    {
        // M = 6, f = 1, t = 4.
        using var hospitals = new Hospitals(6);
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        ToClosed(play);
        Assert.True(play.Coordinator.TryAddKeySum(Lie(play, hospitals[2], AddOne), out _));
        play.OpenAll(except: [hospitals[2]]);
        Assert.IsType<RoundCompletion.Completed>(play.Complete());
        OpenedSum opened = OpenedOf(play);
        Assert.Equal([3], opened.Disagreeing);
        Assert.Equal([1, 2, 4, 5, 6], opened.Agreeing);
        Assert.Equal([3], opened.Liars(play.Context.Sharing, [1, 2, 3, 4, 5, 6]));
        // It did not report: a dealer may have given it a bad share.
        Assert.Empty(opened.Liars(play.Context.Sharing, [1, 2, 4, 5, 6]));
        // Five that were checked do not reach t + 2f.
        Assert.Empty(opened.Liars(play.Context.Sharing, [1, 2, 3, 4, 5]));
    }

    [Fact]
    public void More_than_f_wrong_key_sums_name_nobody()
    {
        using var hospitals = new Hospitals(6);
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        ToClosed(play);
        MemberId[] liars = [hospitals[0], hospitals[1]];
        foreach (MemberId liar in liars)
            Assert.True(play.Coordinator.TryAddKeySum(Lie(play, liar, bytes => bytes[100 * bytes[0]] ^= 1), out _));
        play.OpenAll(except: liars);
        Assert.Equal(liars, Assert.IsType<RoundCompletion.Completed>(play.Complete()).Disagreeing);
        Assert.Empty(OpenedOf(play).Liars(play.Context.Sharing, [1, 2, 3, 4, 5, 6]));
    }

    [Fact]
    public void Shares_that_all_contradict_each_other_cost_a_large_committee_a_bounded_search()
    {
        // 25 members have 1,081,575 subsets of 17.
        using var hospitals = new Hospitals(25);
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        Dictionary<ushort, ShareSum> hostile = Enumerable.Range(1, 25).ToDictionary(point => (ushort)point, RandomSum);
        Assert.False(OpenedSum.TryOpen(play.Context, play.Seed, UpdatesOf(play, 3), new CountingSums(hostile), out OpenedSum? opened, out string? failure));
        Assert.Null(opened);
        Assert.Contains("The 25 key sum shares contradict each other, and no 17 of them that were found in 53687 steps", failure, StringComparison.Ordinal);
        // The same message to whoever replays the failure.
        Assert.False(OpenedSum.TryOpen(play.Context, play.Seed, UpdatesOf(play, 3), hostile, out _, out string? again));
        Assert.Equal(failure, again);
    }

    [Fact]
    public void A_key_sum_said_to_be_for_another_point_is_named_too()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        ToClosed(play);
        Assert.True(play.Coordinator.TryAddKeySum(Lie(play, hospitals[0], bytes => bytes[0] = 3), out _));
        play.OpenAll(except: [hospitals[0]]);
        var completed = Assert.IsType<RoundCompletion.Completed>(play.Complete());
        Assert.Equal([hospitals[0]], completed.Disagreeing);
        Assert.True(play.Replay(completed.Finalization).Verified);
    }

    [Fact]
    public void A_wrong_key_sum_among_a_bare_threshold_fails_the_round_and_makes_no_model()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        ToClosed(play);
        Assert.True(play.Coordinator.TryAddKeySum(Lie(play, hospitals[0], bytes => bytes[1] ^= 1), out _));
        play.OpenAll(except: [hospitals[0], hospitals[1]]);
        var failed = Assert.IsType<RoundCompletion.Failed>(play.Complete());
        ReplayResult replay = play.Replay(failed.Finalization);
        Assert.True(replay.Verified, string.Join("\n", replay.Findings));
        Assert.Equal(hospitals.InitialModel.ToCanonicalBytes(), replay.Model!.ToCanonicalBytes());
    }

    [Fact]
    public void Fewer_answers_than_the_threshold_open_nothing()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        ToClosed(play);
        play.OpenAll(except: [hospitals[0], hospitals[1]]);
        var failed = Assert.IsType<RoundCompletion.Failed>(play.Complete());
        Assert.Contains("Only 2 committee members answered; 3 are needed.", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_sum_that_is_not_one_of_this_closing_is_refused()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        play.CommitAll();
        play.Freeze();
        play.UploadAll();
        play.ReportAll();
        play.Close();
        MemberId member = hospitals[0];
        SignedMessage honest = play.Open(member).KeySum!;
        Assert.True(honest.TryReadUnverified(out KeySumShare? share));
        SignedMessage[] wrong =
        [
            SignedMessage.Sign(share with { Closing = Digest.Of("another"u8) }, member, hospitals.KeyOf(member)),
            SignedMessage.Sign(share with { Receiver = 2 }, member, hospitals.KeyOf(member)),
            SignedMessage.Sign(share with { Receiver = 0 }, member, hospitals.KeyOf(member)),
            SignedMessage.Sign(share with { Sum = share.Sum[1..] }, member, hospitals.KeyOf(member)),
            SignedMessage.Sign(share with { Sum = Enumerable.Repeat((byte)0xff, share.Sum.Length).ToArray() }, member, hospitals.KeyOf(member)),
            SignedMessage.Sign(share, member, hospitals.KeyOf(hospitals[1])),
            SignedMessage.Sign(share, hospitals.Agreement.Coordinator.Id, hospitals.CoordinatorKey),
            play.Report(member),
        ];
        foreach (SignedMessage message in wrong)
        {
            Assert.False(play.Coordinator.TryAddKeySum(message, out string? failure));
            Assert.Contains("not one of this closing", failure, StringComparison.Ordinal);
        }
        Assert.Empty(play.Coordinator.Opened);
        Assert.True(play.Coordinator.TryAddKeySum(honest, out _));
        Assert.Equal([member], play.Coordinator.Opened);
    }

    [Fact]
    public void Nothing_is_opened_or_completed_before_the_closing()
    {
        using var hospitals = new Hospitals();
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        play.CommitAll();
        play.Freeze();
        Assert.Throws<InvalidOperationException>(() => play.CompleteUnrecorded());
        SignedMessage early = SignedMessage.Sign(
            new KeySumShare(default, 1, new byte[ShareSum.SizeInBytes(KaheParameterSet.Kahe2048)]), hospitals[0], hospitals.KeyOf(hospitals[0]));
        Assert.False(play.Coordinator.TryAddKeySum(early, out string? failure));
        Assert.Contains("once the round is closed", failure, StringComparison.Ordinal);
    }

    private static void ToClosed(RoundPlay play)
    {
        play.CommitAll();
        play.Freeze();
        play.UploadAll();
        play.ReportAll();
        play.Close();
    }

    // The same data give the same model, whatever the keys.
    private static byte[] Model(Hospitals hospitals)
    {
        using var play = new RoundPlay(hospitals, new RoundId(9), hospitals.InitialModel);
        return Assert.IsType<RoundCompletion.Completed>(play.Finish()).Model.ToCanonicalBytes();
    }

    private static void AddOne(byte[] bytes) => Add(bytes, 1);

    // The first element, 31 bits after the receiver's byte, modulo 2^31 - 1.
    private static void Add(byte[] bytes, uint error)
    {
        uint word = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(1));
        uint element = ((word & 0x7fff_ffff) + error) % 0x7fff_ffff;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(1), (word & 0x8000_0000) | element);
    }

    private static ShareSum RandomSum(int point)
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(ShareSum.SizeInBytes(KaheParameterSet.Kahe2048));
        bytes[0] = (byte)point;
        Assert.True(ShareSum.TryParse(KaheParameterSet.Kahe2048, bytes, out ShareSum? sum));
        return sum;
    }

    private static List<CommittedUpdate> UpdatesOf(RoundPlay play, int members)
    {
        List<CommittedUpdate> updates = [];
        foreach (MemberId member in play.Hospitals.Members.Take(members))
        {
            if (!play.Updates.ContainsKey(member))
                play.Commit(member, play.Encrypt(member));
            Assert.True(CommittedUpdate.TryOpen(
                play.Context, play.Seed, play.Ledger.Commitments, play.Updates[member].Manifest, play.Updates[member].Ciphertext,
                out CommittedUpdate? update, out string? refusal), refusal);
            updates.Add(update);
        }
        return updates;
    }

    /// <summary>What a completed round opened, from its transcript.</summary>
    private static OpenedSum OpenedOf(RoundPlay play)
    {
        var keySums = new Dictionary<ushort, ShareSum>();
        foreach ((TranscriptEntry entry, byte[] data) in play.CompleteUnrecorded().Transcript.Objects)
        {
            if (entry.Label.StartsWith("key-sum/", StringComparison.Ordinal) && SignedMessage.TryParse(data, out SignedMessage? message)
                && KeySums.TryOpen(play.Context, play.Closing!.BodyDigest, message, out ushort receiver, out ShareSum? sum))
                keySums.Add(receiver, sum);
        }
        Assert.True(OpenedSum.TryOpen(
            play.Context, play.Seed, UpdatesOf(play, play.Hospitals.Agreement.Members.Count), keySums, out OpenedSum? opened, out string? failure), failure);
        return opened;
    }

    private static SignedMessage Lie(RoundPlay play, MemberId liar, Action<byte[]> alter)
    {
        Assert.True(play.Open(liar).KeySum!.TryReadUnverified(out KeySumShare? share));
        byte[] sum = share.Sum.ToArray();
        alter(sum);
        return SignedMessage.Sign(share with { Sum = sum }, liar, play.Hospitals.KeyOf(liar));
    }
}
