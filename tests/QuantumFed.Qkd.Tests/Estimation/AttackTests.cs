namespace QuantumFed.Qkd.Tests;

/// <summary>What each attack shows, and that no key is longer than what the attacker left.</summary>
public sealed class AttackTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(25, 2)]
    [InlineData(50, 3)]
    [InlineData(100, 4)]
    public void Intercept_resend_in_full_gives_a_quarter_of_errors_and_no_key(double kilometres, ulong seed)
    {
        using LinkRun run = Transmission.Over(kilometres, (long)(2e5 / GysReference.At(kilometres).QMu), seed, "intercept-resend");
        LinkEstimate estimate = Transmission.Estimated(run);
        Assert.InRange(estimate.QuantumBitErrorRate(Intensity.Signal), 0.25, 0.27 + (kilometres == 100 ? 0.005 : 0));
        Assert.Equal(AbortReason.TooManyErrors, estimate.Abort);
        Assert.Equal(0, estimate.KeyLengthInBits);
    }

    [Theory]
    [InlineData(0.1, 0.0564)]
    [InlineData(0.25, 0.0914)]
    [InlineData(0.5, 0.1497)]
    [InlineData(1, 0.2665)]
    public void Intercept_resend_in_part_gives_its_part_of_errors(double fraction, double errorRate)
    {
        using LinkRun run = Transmission.Over(25, 500_000_000, 21, "intercept-resend", fraction);
        // 2 million sifted bits: 0.1 % are more than three deviations.
        LinkEstimate estimate = Transmission.Estimated(run);
        Assert.Equal(errorRate, estimate.QuantumBitErrorRate(Intensity.Signal), 0.001);
        Assert.True(fraction < 0.5 || estimate.Abort == AbortReason.TooManyErrors);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(25)]
    [InlineData(50)]
    public void Photon_number_splitting_shows_to_decoys_alone(double kilometres)
    {
        GysReference row = GysReference.At(kilometres);
        long pulses = (long)(1e7 / row.QMu);
        using LinkRun run = Transmission.Over(kilometres, pulses, 31, "photon-number-splitting");
        LinkEstimate estimate = Transmission.Estimated(run);
        // A link without decoys looks at these two, and sees nothing (within 5 deviations).
        Assert.Equal(1, estimate.Gain(Intensity.Signal) / row.QMu, 5 / Math.Sqrt(0.7 * 1e7));
        Assert.Equal(1, estimate.QuantumBitErrorRate(Intensity.Signal) / row.EMu, 5 / Math.Sqrt(0.57e7 * row.EMu));
        // Yet the eavesdropper knows nearly every bit: all but dark counts.
        Assert.True(run.Truth.KnownToEavesdropper(Basis.X) > 0.99 * estimate.Counts.KeyBasis.TotalDetections);
        // The weak decoy tells, and so does the bound on single photons.
        Assert.Equal(0.14, estimate.Gain(Intensity.Weak) / row.QNu, 0.01);
        Assert.True(estimate.Asymptotic.SinglePhotonYield <= 0 && estimate.SinglePhotonYield <= 0);
        Assert.Equal(AbortReason.NoSinglePhotons, estimate.Abort);
    }

    [Fact]
    public void Two_hundred_thousand_weak_pulses_show_photon_number_splitting_by_five_deviations_at_40_kilometres()
    {
        GysReference row = GysReference.At(40);
        for (ulong seed = 0; seed < 50; seed++)
        {
            using LinkRun run = Transmission.Over(40, 1_000_000, seed, "photon-number-splitting");
            double sent = run.Sent(Intensity.Weak), expected = row.QNu * sent;
            Assert.InRange(sent, 1.95e5, 2.05e5);
            Assert.True((expected - Sifting.Detections(run, Intensity.Weak)) / Math.Sqrt(expected) > 5);
        }
    }

    [Fact]
    public void Beam_splitting_shows_in_nothing_and_is_paid_for()
    {
        GysReference row = GysReference.At(10);
        using LinkRun run = Transmission.Over(10, 1_500_000_000, 41, "beam-splitting", 1, DecoyProtocol.FiniteKey);
        using LinkRun honest = Transmission.Over(10, 1_500_000_000, 42, protocol: DecoyProtocol.FiniteKey);
        LinkEstimate estimate = Transmission.Estimated(run), undisturbed = Transmission.Estimated(honest);
        Assert.Equal(row.QMu, estimate.Gain(Intensity.Signal), 5 * Math.Sqrt(row.QMu / run.Sent(Intensity.Signal)));
        Assert.Equal(row.EMu, estimate.QuantumBitErrorRate(Intensity.Signal), 0.001);
        Assert.Null(estimate.Abort);
        Assert.Equal(1, (double)estimate.KeyLengthInBits / undisturbed.KeyLengthInBits, 0.15);
        double unknown = estimate.Counts.KeyBasis.TotalDetections - run.Truth.KnownToEavesdropper(Basis.X);
        Assert.True(run.Truth.KnownToEavesdropper(Basis.X) > 0.1 * estimate.Counts.KeyBasis.TotalDetections);
        Assert.True(estimate.KeyLengthInBits <= unknown - estimate.Bound.LeakedBits);
    }

    [Theory]
    [InlineData("none", 1)]
    [InlineData("intercept-resend", 0.02)]
    [InlineData("intercept-resend", 0.1)]
    [InlineData("intercept-resend", 0.25)]
    [InlineData("intercept-resend", 0.5)]
    [InlineData("intercept-resend", 1)]
    [InlineData("photon-number-splitting", 0.02)]
    [InlineData("photon-number-splitting", 0.1)]
    [InlineData("photon-number-splitting", 0.3)]
    [InlineData("photon-number-splitting", 0.6)]
    [InlineData("photon-number-splitting", 1)]
    [InlineData("beam-splitting", 0.5)]
    [InlineData("beam-splitting", 1)]
    public void No_key_is_longer_than_what_nature_and_the_attacker_left(string attack, double fraction)
    {
        // epsilon_sec is 10^-10, so that a bound that is off even once in these runs is wrong.
        for (ulong seed = 0; seed < 12; seed++)
        {
            // Most runs are too short for a key; two of them are not.
            bool isLong = seed % 6 == 0;
            using LinkRun run = Transmission.Over(isLong ? 0 : 5 * (seed % 4), isLong ? 1_000_000_000 : 40_000_000, 500 + seed, attack, fraction, DecoyProtocol.FiniteKey);
            LinkEstimate estimate = Transmission.Estimated(run);
            FiniteKeyBound bound = estimate.Bound;
            long vacuums = run.Truth.Detections(Basis.X, PhotonNumberClass.None), singles = run.Truth.Detections(Basis.X, PhotonNumberClass.One);
            Assert.True(bound.VacuumEvents <= vacuums, $"{bound.VacuumEvents} vacuum events of {vacuums}, seed {seed}");
            Assert.True(bound.SinglePhotonEvents <= singles, $"{bound.SinglePhotonEvents} single photons of {singles}, seed {seed}");
            double phaseErrorRate = (double)run.Truth.Errors(Basis.Z, PhotonNumberClass.One) / Math.Max(1, run.Truth.Detections(Basis.Z, PhotonNumberClass.One));
            Assert.True(bound.PhaseErrorRate >= Math.Min(0.5, phaseErrorRate) - 1e-9 || bound.SinglePhotonEvents <= 0, $"phase errors {bound.PhaseErrorRate} and {phaseErrorRate}, seed {seed}");
            double unknown = estimate.Counts.KeyBasis.TotalDetections - run.Truth.KnownToEavesdropper(Basis.X);
            Assert.True(estimate.KeyLengthInBits <= Math.Max(0, Math.Min(bound.SecretBits, unknown - bound.LeakedBits)));
            Assert.True(estimate.Abort is null ? estimate.KeyLengthInBits > 0 : estimate.KeyLengthInBits == 0);
            // Half of the single photons in another basis, or all pulses split: nothing may be left.
            Assert.True(!isLong || attack is not ("none" or "beam-splitting") || estimate.KeyLengthInBits > 500_000);
            Assert.True(attack == "beam-splitting" || fraction < 0.5 || attack == "none" || estimate.KeyLengthInBits == 0);
        }
    }
}
