namespace QuantumFed.Qkd.Tests;

/// <summary>Two ends that share a channel and a first secret make equal keys of honest links, and none of attacked ones.</summary>
public sealed class DistilTests
{
    [Fact]
    public async Task Every_block_of_an_honest_link_gives_both_ends_the_same_key_and_the_same_account()
    {
        var pair = new EndsPair();
        for (ulong seed = 0; seed < 25; seed++)
        {
            (DistilledBlock one, DistilledBlock other) = await pair.DeliverAsync(EndsPair.Notes(seed, EndsPair.SmallRun + (long)seed * 800_000));
            Assert.Equal(seed, one.Number);
            Assert.Equal(one.Figures, other.Figures);
            BlockFigures figures = one.Figures;
            Assert.Equal(BlockAuthentication.KeyCostInBits + PendingBlock.SettlementBits, figures.ConsumedBits);
            Assert.Equal(figures.KeyLengthInBits, 8 * one.Key.Length + figures.ReturnedBits + PendingBlock.SettlementBits);
            Assert.InRange(figures.QuantumBitErrorRate, 0.0005, 0.005);
            Assert.False(one.IsSecret || other.IsSecret);
        }
    }

    [Theory]
    [InlineData("intercept-resend", 0.6, AbortReason.TooManyErrors)]
    [InlineData("intercept-resend", 1, AbortReason.TooManyErrors)]
    [InlineData("intercept-resend", 0.25, AbortReason.NoKeyLeft)]
    [InlineData("photon-number-splitting", 1, AbortReason.NoSinglePhotons)]
    public async Task An_attack_aborts_at_both_ends_for_the_same_reason_and_costs_no_key(string attack, double fraction, AbortReason reason)
    {
        var pair = new EndsPair();
        await pair.DeliverAsync(EndsPair.Notes(1));
        byte[] before = pair.TransmitterJournal.State, otherBefore = pair.ReceiverJournal.State;
        OpticalChannel fibre = attack == "photon-number-splitting" ? OpticalChannel.Create(10, 0.21, 0.045, 1.7e-6, 0.002, 0) : EndsPair.Quiet;
        LinkNotes notes = EndsPair.Notes(2, EndsPair.SmallRun, Attacks.Of(attack, fraction, fibre, EndsPair.Protocol), fibre);
        (DistilledBlock? one, _, DistilledBlock? other, _) = await pair.RunAsync(notes, null, TestContext.Current.CancellationToken);
        foreach (DistilledBlock? block in (DistilledBlock?[])[one, other])
        {
            Assert.Equal(BlockOutcome.Aborted, block!.Outcome);
            Assert.Equal(reason, block.Abort);
            Assert.True(block.Key.IsEmpty);
            Assert.Equal(0, block.Figures.ConsumedBits);
        }
        Assert.Equal(before, pair.TransmitterJournal.State);
        Assert.Equal(otherBefore, pair.ReceiverJournal.State);
        Assert.Single(pair.TransmitterJournal.Delivered);
    }

    [Theory]
    [InlineData("none", 1)]
    [InlineData("intercept-resend", 0.02)]
    [InlineData("photon-number-splitting", 0.05)]
    [InlineData("beam-splitting", 1)]
    public async Task No_distilled_key_is_longer_than_what_the_attacker_left(string attack, double fraction)
    {
        var pair = new EndsPair();
        int delivered = 0;
        for (ulong seed = 0; seed < 6; seed++)
        {
            using LinkRandomness randomness = LinkRandomness.FromSeed(100 + seed);
            using LinkRun run = BlockSimulator.Run(
                new SimulatedLink(EndsPair.Quiet, EndsPair.Protocol, Attacks.Of(attack, fraction, EndsPair.Quiet, EndsPair.Protocol)), 4 * EndsPair.SmallRun, randomness,
                TestContext.Current.CancellationToken);
            (DistilledBlock? one, _, DistilledBlock? other, _) = await pair.RunAsync(Assert.Single(LinkNotes.Split(run)), null, TestContext.Current.CancellationToken);
            Assert.Equal(one!.Outcome, other!.Outcome);
            Assert.True(one.Key.SequenceEqual(other.Key));
            long unknown = one.Figures.SiftedBits - run.Truth.KnownToEavesdropper(Basis.X);
            Assert.True(one.Figures.KeyLengthInBits <= Math.Max(0, unknown - one.Figures.LeakedBits));
            long singles = run.Truth.Detections(Basis.X, PhotonNumberClass.None) + run.Truth.Detections(Basis.X, PhotonNumberClass.One);
            Assert.True(one.Figures.KeyLengthInBits <= Math.Max(0, singles - one.Figures.LeakedBits));
            delivered += one.Outcome == BlockOutcome.Delivered ? 1 : 0;
        }
        Assert.True(attack is not ("none" or "beam-splitting") || delivered == 6);
    }

    [Fact]
    public async Task Too_few_pulses_and_none_at_all_abort()
    {
        var pair = new EndsPair();
        foreach (long pulses in (long[])[0, 1000, 300_000])
        {
            (DistilledBlock? one, _, DistilledBlock? other, _) = await pair.RunAsync(EndsPair.Notes(3, pulses), null, TestContext.Current.CancellationToken);
            Assert.Equal(BlockOutcome.Aborted, one!.Outcome);
            Assert.Equal(one.Abort, other!.Abort);
            Assert.NotNull(one.Abort);
        }
    }

    [Fact]
    public async Task An_empty_reserve_is_told_at_both_ends()
    {
        // Pays for one block, and its attack at the end keeps its key from coming back.
        var pair = new EndsPair(64);
        var channel = new MemoryChannel { Attack = (_, _, message) => message[0] == (byte)LinkMessageKind.Ready ? [[.. message[..^1], (byte)~message[^1]]] : [message] };
        await pair.RunAsync(EndsPair.Notes(1), channel, TestContext.Current.CancellationToken);
        (DistilledBlock? one, _, DistilledBlock? other, _) = await pair.RunAsync(EndsPair.Notes(2), null, TestContext.Current.CancellationToken);
        Assert.Equal(BlockOutcome.ReserveEmpty, one!.Outcome);
        Assert.Equal(BlockOutcome.ReserveEmpty, other!.Outcome);
        pair.RequireAgreement();
        Assert.Empty(pair.TransmitterJournal.Delivered);
    }

    [Fact]
    public async Task Notes_serve_one_block_and_secrecy_of_choices_is_carried_through()
    {
        // Fresh light is another each time, and may bring no key.
        EndsPair pair;
        LinkNotes notes;
        DistilledBlock? one, other;
        int attempt = 0;
        do
        {
            pair = new EndsPair();
            using LinkRandomness randomness = LinkRandomness.FromOperatingSystem();
            using LinkRun run = BlockSimulator.Run(
                new SimulatedLink(EndsPair.Quiet, EndsPair.Protocol, new NoEavesdropper()), EndsPair.SmallRun, randomness, TestContext.Current.CancellationToken);
            notes = Assert.Single(LinkNotes.Split(run));
            (one, Exception? error, other, Exception? otherError) = await pair.RunAsync(notes, null, TestContext.Current.CancellationToken);
            Assert.True(error is null && otherError is null, $"{error} {otherError}");
        }
        while (one!.Outcome != BlockOutcome.Delivered && ++attempt < 10);
        Assert.Equal((BlockOutcome.Delivered, BlockOutcome.Delivered), (one.Outcome, other!.Outcome));
        Assert.True(one.IsSecret && other.IsSecret);
        using TransmitterEnd end = TransmitterEnd.Open(EndsPair.Read(pair.TransmitterJournal), EndsPair.Agreement, pair.TransmitterJournal);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => end.DistilAsync(notes.Transmitter, new MemoryChannel().Transmitter, TestContext.Current.CancellationToken));
        Assert.All(notes.Transmitter.Bits, word => Assert.Equal(0UL, word));
    }
}
