namespace QuantumFed.Qkd.Tests;

/// <summary>A simulated honest link shows what theory says. A figure may be 5 deviations off: a false alarm comes once in 1.7 million seeds, and these are fixed.</summary>
public sealed class SimulatedLinkTests
{
    private const double Deviations = 5;

    public static TheoryData<double> Kilometres => [.. GysReference.Rows.Select(row => row.Kilometres).Where(km => km <= 120)];

    [Theory]
    [MemberData(nameof(Kilometres))]
    public void Gains_and_error_rates_are_the_tables(double kilometres)
    {
        GysReference row = GysReference.At(kilometres);
        long pulses = (long)(4e5 / row.QMu);
        using LinkRun run = Transmission.Over(kilometres, pulses, 100 + (ulong)kilometres);
        LinkEstimate estimate = Transmission.Estimated(run);
        Rate(row.QMu, estimate.Gain(Intensity.Signal), run.Sent(Intensity.Signal));
        Rate(row.QNu, estimate.Gain(Intensity.Weak), run.Sent(Intensity.Weak));
        Rate(1.7e-6, estimate.Gain(Intensity.Vacuum), run.Sent(Intensity.Vacuum));
        Rate(row.EMu, estimate.QuantumBitErrorRate(Intensity.Signal), Sifted(Intensity.Signal));
        Rate(row.ENu, estimate.QuantumBitErrorRate(Intensity.Weak), Sifted(Intensity.Weak));
        Rate(DecoyProtocol.Gys.MatchingProbability, Enum.GetValues<Intensity>().Sum(Sifted) / run.Detections.Count, run.Detections.Count);

        double Sifted(Intensity k) => estimate.Counts.KeyBasis.Detections(k) + estimate.Counts.TestBasis.Detections(k);
    }

    [Theory]
    [InlineData(0, 3e8)]
    [InlineData(50, 4e9)]
    [InlineData(100, 4e10)]
    public void With_very_many_pulses_the_bounds_on_single_photons_approach_the_tables(double kilometres, double pulses)
    {
        GysReference row = GysReference.At(kilometres);
        using LinkRun run = Transmission.Over(kilometres, (long)pulses, 11);
        LinkEstimate estimate = Transmission.Estimated(run);
        Assert.Equal(1, estimate.Asymptotic.SinglePhotonYield / row.Y1Lower, 0.02);
        Assert.Equal(1, estimate.Asymptotic.SinglePhotonErrorRate / row.E1Upper, 0.05);
        double rate = AsymptoticKeyRate.Of(
            0.48, estimate.Gain(Intensity.Signal), estimate.QuantumBitErrorRate(Intensity.Signal), estimate.Asymptotic, GysReference.Efficiency, GysReference.SiftedShare);
        Assert.Equal(1, rate / row.RVacuumWeak, 0.06);
    }

    [Theory]
    [InlineData(0, 1e9)]
    [InlineData(25, 4e9)]
    [InlineData(50, 2e10)]
    public void An_honest_link_gives_the_key_that_expected_counts_promise(double kilometres, double pulses)
    {
        DecoyProtocol protocol = DecoyProtocol.FiniteKey;
        using LinkRun run = Transmission.Over(kilometres, (long)pulses, 12, protocol: protocol);
        LinkEstimate estimate = Transmission.Estimated(run);
        FiniteKeyBound promised = FiniteKeyBound.Expected(OpticalChannel.Gys(kilometres), protocol, pulses, GysReference.Efficiency, FiniteKeySecurity.Default);
        Assert.Null(estimate.Abort);
        Assert.True(promised.KeyLengthInBits > 500_000);
        Assert.Equal(1, (double)estimate.KeyLengthInBits / promised.KeyLengthInBits, 0.1);
        Assert.Equal(1, estimate.Bound.SinglePhotonEvents / promised.SinglePhotonEvents, 0.02);
    }

    [Fact]
    public void A_dead_time_lowers_what_is_detected_and_not_the_gain()
    {
        OpticalChannel channel = OpticalChannel.Create(25, 0.21, 0.045, 1.7e-6, 0.033, 100);
        using LinkRandomness randomness = LinkRandomness.FromSeed(5);
        using LinkRun run = BlockSimulator.Run(new SimulatedLink(channel, DecoyProtocol.Gys, new NoEavesdropper()), 100_000_000, randomness, TestContext.Current.CancellationToken);
        Assert.InRange(run.LivePulses, 0.6e8, 0.8e8);
        LinkEstimate estimate = Transmission.Estimated(run);
        Rate(GysReference.At(25).QMu, estimate.Gain(Intensity.Signal), 0.7 * run.LivePulses);
    }

    [Fact]
    public void Too_few_pulses_give_no_key()
    {
        using LinkRun run = Transmission.Over(50, 1_000_000, 13);
        LinkEstimate estimate = Transmission.Estimated(run);
        Assert.NotNull(estimate.Abort);
        Assert.Equal(0, estimate.KeyLengthInBits);
        using LinkRun nothing = Transmission.Over(50, 0, 13);
        Assert.Equal(AbortReason.NoSinglePhotons, Transmission.Estimated(nothing).Abort);
    }

    [Fact]
    public void Beyond_its_reach_a_link_gives_no_key()
    {
        using LinkRun run = Transmission.Over(145, 100_000_000_000, 14);
        Assert.NotNull(Transmission.Estimated(run).Abort);
    }

    private static void Rate(double expected, double observed, double trials)
    {
        double spread = Math.Sqrt(expected * (1 - expected) / trials);
        Assert.True(Math.Abs(observed - expected) <= Deviations * spread, $"{observed:E4} is {Math.Abs(observed - expected) / spread:F1} deviations from {expected:E4}");
    }
}
