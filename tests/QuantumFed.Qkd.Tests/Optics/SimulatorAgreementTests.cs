namespace QuantumFed.Qkd.Tests;

/// <summary>The fast simulator has the distribution of the one that follows every pulse. Each comparison raises a false alarm once in 10^6 seeds; these seeds are fixed.</summary>
public sealed class SimulatorAgreementTests
{
    private const long Pulses = 1_000_000;

    [Theory]
    [InlineData("none", 0, 0, 1)]
    [InlineData("none", 0, 7, 2)]
    [InlineData("intercept-resend", 1, 0, 3)]
    [InlineData("intercept-resend", 0.3, 7, 4)]
    [InlineData("photon-number-splitting", 1, 0, 5)]
    [InlineData("photon-number-splitting", 0.4, 3, 6)]
    [InlineData("beam-splitting", 1, 0, 7)]
    [InlineData("beam-splitting", 0.6, 7, 8)]
    public void Both_simulators_have_one_distribution(string attack, double fraction, int deadTime, ulong seed)
    {
        // Short and noisy, so that a million pulses give a hundred thousand detections of every kind.
        OpticalChannel channel = OpticalChannel.Create(8, 0.25, 0.4, 4e-3, 0.07, deadTime);
        DecoyProtocol protocol = DecoyProtocol.Create(0.9, 0.3, 0.02, 0.5, 0.3, 0.7);
        SimulatedLink link = new(channel, protocol, Attacks.Of(attack, fraction, channel, protocol));
        using LinkRandomness slowRandomness = LinkRandomness.FromSeed(seed), fastRandomness = LinkRandomness.FromSeed(seed + 1000);
        List<long> slowPositions = [], fastPositions = [];
        using LinkRun slow = PulseSimulator.Run(link, Pulses, slowRandomness, slowPositions, TestContext.Current.CancellationToken);
        using LinkRun fast = BlockSimulator.Run(link, 3 * Pulses, fastRandomness, fastPositions, TestContext.Current.CancellationToken);

        Assert.Equal(Pulses, slow.Pulses);
        Assert.Equal(3 * Pulses, fast.Pulses);
        Chi2.SameDistribution("kinds of detections", RecordCells.Kinds(slow), RecordCells.Kinds(fast));
        Chi2.SameDistribution("photon numbers and errors", RecordCells.Truths(slow), RecordCells.Truths(fast));
        Chi2.SameDistribution("gaps", RecordCells.Gaps(slowPositions, 1), RecordCells.Gaps(fastPositions, 1));
        Chi2.SameDistribution("sent intensities", Sent(slow), Sent(fast));
        Chi2.SameRate("known to the eavesdropper", Known(slow), slow.Detections.Count, Known(fast), fast.Detections.Count);
        // With a dead time detections are no independent trials, and vary less than the binomial law says.
        Chi2.SameRate("detections", slow.Detections.Count, slow.LivePulses, fast.Detections.Count, fast.LivePulses);
        Chi2.SameRate("live pulses", slow.LivePulses, Pulses, fast.LivePulses, 3 * Pulses);
    }

    [Fact]
    public void A_simulator_that_is_a_little_off_fails()
    {
        DecoyProtocol protocol = DecoyProtocol.Create(0.9, 0.3, 0.02, 0.5, 0.3, 0.7);
        long[][] kinds = [.. ((double[])[0.07, 0.08]).Select(Kinds)];
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Chi2.SameDistribution("kinds", kinds[0], kinds[1]));

        long[] Kinds(double misalignment)
        {
            using LinkRandomness randomness = LinkRandomness.FromSeed((ulong)(1000 * misalignment));
            SimulatedLink link = new(OpticalChannel.Create(8, 0.25, 0.4, 4e-3, misalignment, 0), protocol, new NoEavesdropper());
            using LinkRun run = BlockSimulator.Run(link, 3 * Pulses, randomness, TestContext.Current.CancellationToken);
            return RecordCells.Kinds(run);
        }
    }

    [Fact]
    public void A_seed_repeats_a_run_and_is_no_secret()
    {
        SimulatedLink link = new(OpticalChannel.Gys(10), DecoyProtocol.Gys, new NoEavesdropper());
        long[] first = Seeded(7), again = Seeded(7), other = Seeded(8);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);

        long[] Seeded(ulong seed)
        {
            using LinkRandomness randomness = LinkRandomness.FromSeed(seed);
            using LinkRun run = BlockSimulator.Run(link, 1_000_000, randomness, TestContext.Current.CancellationToken);
            Assert.False(run.ChoicesAreSecret);
            return [.. Enumerable.Range(0, 500).Select(i => (long)RecordCells.CodeAt(run, i)), run.Detections.Count, run.Sent(Intensity.Weak)];
        }
    }

    [Fact]
    public void Without_a_seed_the_choices_are_secret_and_runs_differ()
    {
        SimulatedLink link = new(OpticalChannel.Gys(10), DecoyProtocol.Gys, new NoEavesdropper());
        using LinkRandomness randomness = LinkRandomness.FromOperatingSystem();
        using LinkRun first = BlockSimulator.Run(link, 1_000_000, randomness, TestContext.Current.CancellationToken);
        using LinkRun second = PulseSimulator.Run(link, 100_000, randomness, TestContext.Current.CancellationToken);
        Assert.True(first.ChoicesAreSecret && second.ChoicesAreSecret);
        Assert.NotEqual(Codes(first), Codes(second));

        static int[] Codes(LinkRun run) => [.. Enumerable.Range(0, 200).Select(i => RecordCells.CodeAt(run, i))];
    }

    [Fact]
    public void Nothing_clicks_where_nothing_can()
    {
        DecoyProtocol protocol = DecoyProtocol.Gys;
        OpticalChannel blind = OpticalChannel.Create(10, 0.2, 0, 0, 0, 0), noDark = OpticalChannel.Create(0, 0.2, 0.5, 0, 0, 0);
        using LinkRandomness randomness = LinkRandomness.FromSeed(1);
        using LinkRun nothing = BlockSimulator.Run(new SimulatedLink(blind, protocol, new NoEavesdropper()), 1_000_000, randomness, TestContext.Current.CancellationToken);
        using LinkRun light = BlockSimulator.Run(new SimulatedLink(noDark, protocol, new NoEavesdropper()), 1_000_000, randomness, TestContext.Current.CancellationToken);
        using LinkRun none = BlockSimulator.Run(new SimulatedLink(noDark, protocol, new NoEavesdropper()), 0, randomness, TestContext.Current.CancellationToken);
        Assert.Equal(0, nothing.Detections.Count);
        Assert.Equal(1_000_000, nothing.Pulses);
        Assert.Equal(0, none.Detections.Count + none.Pulses);
        Assert.DoesNotContain(RecordCells.Kinds(light).Index(), kind => kind.Index >> DetectionCode.IntensityLow == (int)Intensity.Vacuum && kind.Item > 0);
        // Misalignment is 0: bits differ only where bases do.
        Assert.Equal(0, Enum.GetValues<Basis>().Sum(basis => Enum.GetValues<PhotonNumberClass>().Sum(photons => light.Truth.Errors(basis, photons))));
    }

    private static long[] Sent(LinkRun run) => [.. Enum.GetValues<Intensity>().Select(run.Sent)];

    private static long Known(LinkRun run) => Enum.GetValues<Basis>().Sum(run.Truth.KnownToEavesdropper);
}
