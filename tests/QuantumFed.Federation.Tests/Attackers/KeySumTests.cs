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
        // M = 7 < t + 2f = 9. In {1, 2, 5, 6, 7} the weights of points 1 and 2 at 0 are 7/2 and -7/2, so equal errors cancel: these five lie on one
        // polynomial, the honest five on another, and both give the right sum. Disagreeing says who contradicts whom, not who lied.
        using var hospitals = new Hospitals(7);
        byte[] expected = Model(hospitals);
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        ToClosed(play);
        foreach (MemberId liar in hospitals.Members.Take(2))
            Assert.True(play.Coordinator.TryAddKeySum(Lie(play, liar, AddOne), out _));
        play.OpenAll(except: hospitals.Members.Take(2));
        var completed = Assert.IsType<RoundCompletion.Completed>(play.Complete());
        Assert.Equal(expected, completed.Model.ToCanonicalBytes());
        Assert.Equal([hospitals[2], hospitals[3]], completed.Disagreeing);
        Assert.True(play.Replay(completed.Finalization).Verified);
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
        Assert.Throws<InvalidOperationException>(() => play.Coordinator.Complete());
        SignedMessage early = SignedMessage.Sign(
            new KeySumShare(default, 1, new byte[ShareSum.SizeInBytes]), hospitals[0], hospitals.KeyOf(hospitals[0]));
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

    // The first element, 31 bits after the receiver's byte, plus one modulo 2^31 - 1.
    private static void AddOne(byte[] bytes)
    {
        uint word = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(1));
        uint element = ((word & 0x7fff_ffff) + 1) % 0x7fff_ffff;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(1), (word & 0x8000_0000) | element);
    }

    private static SignedMessage Lie(RoundPlay play, MemberId liar, Action<byte[]> alter)
    {
        Assert.True(play.Open(liar).KeySum!.TryReadUnverified(out KeySumShare? share));
        byte[] sum = share.Sum.ToArray();
        alter(sum);
        return SignedMessage.Sign(share with { Sum = sum }, liar, play.Hospitals.KeyOf(liar));
    }
}
