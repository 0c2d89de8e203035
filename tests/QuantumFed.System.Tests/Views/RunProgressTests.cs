using QuantumFed.Cli;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>What a run's events come to, without a process.</summary>
public sealed class RunProgressTests
{
    private static readonly RoundId One = new(1);

    [Fact]
    public void A_finished_round_has_its_steps_bytes_model_and_elapsed_time()
    {
        RoundProgress round = Told.RoundOne.Take("north", Told.Event("Uploaded", 6, ("round", "1"), ("bytes", "1000")))
            .Take("south", Told.Event("Uploaded", 6, ("round", "1"), ("bytes", "2000"))).Scored(One, 0.75).Rounds[One];
        Assert.Equal((RoundState.Finalised, "NewtonStep", 3, 4.5, 9.0, 0.75), (
            round.State, round.Purpose, round.Participants!.Value, round.Seconds!.Value, round.ElapsedSeconds!.Value, round.Accuracy!.Value));
        Assert.Equal(Digest.Parse(Told.Model), round.Model);
        Assert.Equal((0.5, 2.25, 0.0), (round.StepSeconds[RoundStep.Keys], round.StepSeconds[RoundStep.Training], round.StepSeconds[RoundStep.Archiving]));
        Assert.Equal((1000.0, 0.0), round.MeanBytes(TrafficKind.Updates, 3));
        Assert.Equal((100.0, 10.0), round.MeanBytes(RoundStep.Shares, 3));
        Assert.Equal((0.0, 0.0), round.MeanBytes(TrafficKind.Objects, 3));
        Assert.Equal(1500.0, round.BytesPerMember);
    }

    [Fact]
    public void Who_goes_on_being_awaited_is_awaited_since_the_first_time()
    {
        RunProgress run = Told.Nothing.Coordinator(
            Told.Event("Awaiting", 1, ("round", "0"), ("step", "Training"), ("members", "north, st-anne")),
            Told.Event("Awaiting", 5, ("round", "0"), ("step", "Training"), ("members", "st-anne")));
        Assert.Equal([null, null, Told.Start.AddSeconds(1)], run.Members.Select(member => member.AwaitedSince));
        Assert.Equal((RoundStep.Training, Told.Start.AddSeconds(1)), (run.Step!.Value, run.StepSince));
    }

    [Fact]
    public void Another_step_awaits_anew()
    {
        RunProgress run = Told.Nothing.Coordinator(
            Told.Event("Awaiting", 1, ("round", "0"), ("step", "Training"), ("members", "st-anne")),
            Told.Event("Awaiting", 5, ("round", "0"), ("step", "Upload"), ("members", "st-anne")));
        Assert.Equal(Told.Start.AddSeconds(5), run.Members[2].AwaitedSince);
        Assert.Equal(Told.Start.AddSeconds(5), run.StepSince);
    }

    [Fact]
    public void Links_are_each_members_own_and_the_group_is_the_profiles()
    {
        RunProgress run = Told.Nothing.Coordinator(
            Told.Event("ProfileInForce", 0, ("tlsVersion", "TLSv1.3"), ("group", "X25519MLKEM768"), ("signature", "mldsa65")),
            Told.Event("MemberConnected", 1, ("member", "south")),
            Told.Event("MemberLink", 1, ("member", "south"), ("protocol", "TLSv1.3"), ("cipherSuite", "TLS_AES_256_GCM_SHA384"), ("certificateSignature", "mldsa65")));
        Assert.Equal(new ChannelProfile("TLSv1.3", "X25519MLKEM768", "mldsa65"), run.Channel);
        Assert.Equal([null, new MemberChannel("TLSv1.3", "TLS_AES_256_GCM_SHA384", "mldsa65"), null], run.Members.Select(member => member.Channel));
        Assert.Equal([false, true, false], run.Members.Select(member => member.Connected));
        Assert.False(run.Coordinator(Told.Event("MemberDisconnected", 2, ("member", "south"))).Members[1].Connected);
    }

    [Fact]
    public void The_last_transaction_is_whoevers_told_last()
    {
        Assert.Equal(new LedgerStep("coordinator", "RoundFinalized", One, "03ab"), Told.RoundOne.LastTransaction);
        RunProgress later = Told.RoundOne.Take("north", Told.Event("Attested", 11, ("round", "1"), ("transaction", "04ab")));
        Assert.Equal(new LedgerStep("north", "Attested", One, "04ab"), later.LastTransaction);
    }

    [Fact]
    public void The_moment_names_the_round_that_an_end_would_interrupt()
    {
        Assert.Equal("before the first round", Told.Nothing.Moment);
        RunProgress open = Told.RoundOne.Coordinator(Told.Event("RoundOpened", 12, ("round", "2"), ("purpose", "NewtonStep")));
        Assert.Equal("after round 1", Told.RoundOne.Moment);
        Assert.Equal("in the middle of round 2", open.Moment);
        Assert.Equal("after round 2", open.Coordinator(Told.Event("RoundAbandoned", 13, ("round", "2"))).Moment);
    }

    [Fact]
    public void Joint_standardisation_is_not_the_last_accuracy()
    {
        RunProgress run = Told.Nothing.Coordinator(
            Told.Event("RoundOpened", 1, ("round", "0"), ("purpose", "Moments")), Told.Event("RoundFinalized", 2, ("round", "0"), ("model", Told.Model)));
        Assert.Null(run.Scored(new RoundId(0), 0.3).LastScored);
        Assert.Equal(One, Told.RoundOne.Scored(One, 0.7).LastScored!.Round);
    }

    [Fact]
    public void Only_the_coordinator_tells_of_rounds()
    {
        foreach (string party in (string[])["north", "ledger", "a stranger"])
        {
            Assert.Empty(Told.Nothing.Take(party, Told.Event("RoundFinalized", 2, ("round", "0"), ("model", Told.Model))).Rounds);
            Assert.False(Told.Nothing.Take(party, Told.Event("FederationCompleted", 2)).Complete);
        }
        Assert.True(Told.Nothing.Coordinator(Told.Event("FederationCompleted", 2)).Complete);
    }

    [Theory]
    [InlineData("RoundFinalized")]
    [InlineData("RoundTraffic")]
    [InlineData("RoundTimed")]
    [InlineData("RoundClosed")]
    [InlineData("Awaiting")]
    [InlineData("Uploaded")]
    [InlineData("MemberLink")]
    [InlineData("SomethingNew")]
    public void Fields_that_cannot_be_read_are_no_failure(string name)
    {
        foreach (string nonsense in (string[])["", "-1", "x", "99999999999999999999999", "NaN"])
        {
            NodeEvent entry = Told.Event(
                name, 1, ("round", nonsense), ("step", nonsense), ("kind", nonsense), ("model", nonsense), ("seconds", nonsense), ("bytes", nonsense),
                ("receivedBytes", nonsense), ("participants", nonsense), ("member", nonsense), ("keysSeconds", nonsense));
            RunProgress run = Told.Nothing.Coordinator(entry).Take("north", entry);
            Assert.False(run.Complete);
            Assert.Empty(run.Rounds);
        }
    }
}
