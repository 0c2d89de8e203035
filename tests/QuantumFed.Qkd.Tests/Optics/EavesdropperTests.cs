namespace QuantumFed.Qkd.Tests;

public sealed class EavesdropperTests
{
    [Theory]
    [InlineData("none", 0)]
    [InlineData("intercept-resend", 0.3)]
    [InlineData("photon-number-splitting", 0.4)]
    [InlineData("beam-splitting", 0.6)]
    public void Cases_add_up_to_the_photons_that_were_sent(string attack, double fraction)
    {
        foreach (double kilometres in (double[])[0, 1, 60, 200])
        {
            OpticalChannel channel = OpticalChannel.Gys(kilometres);
            IEavesdropper eavesdropper = Attacks.Of(attack, fraction, channel, DecoyProtocol.Gys);
            foreach (double mean in (double[])[0, 1e-6, 2e-4, 0.05, 0.48, 3])
            {
                IReadOnlyList<ArrivalCase> cases = eavesdropper.Arrivals(mean, channel);
                Assert.Equal(1, cases.Sum(c => c.Probability), 1e-12);
                Assert.Equal(Math.Exp(-mean), cases.Where(c => c.Emitted == PhotonNumberClass.None).Sum(c => c.Probability), 1e-12);
                Assert.Equal(mean * Math.Exp(-mean), cases.Where(c => c.Emitted == PhotonNumberClass.One).Sum(c => c.Probability), 1e-12);
                Assert.All(cases, c => Assert.InRange(c.Probability, 0, 1));
                Assert.All(cases, c => Assert.InRange(c.ClickProbability, 0, 1));
                Assert.All(cases, c => Assert.InRange(c.ErrorRate, 0, 0.5));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(120)]
    public void Photon_number_splitting_leaves_the_signals_gain_as_it_was(double kilometres)
    {
        OpticalChannel channel = OpticalChannel.Gys(kilometres);
        PhotonNumberSplitting attack = PhotonNumberSplitting.Against(channel, 0.48, 1);
        Assert.Equal(1 - Math.Exp(-0.48 * channel.Transmittance), Gain(attack, 0.48), 1e-12);
        // Two photons look alike from a decoy and from a signal, so the weak decoy's gain falls: to 0.14 of the honest one.
        double honest = Gain(new NoEavesdropper(), 0.05);
        Assert.InRange(Gain(attack, 0.05) / honest, 0.13, 0.15);

        double Gain(IEavesdropper eavesdropper, double mean) => eavesdropper.Arrivals(mean, channel).Sum(c => c.Probability * c.ClickProbability);
    }

    [Theory]
    [InlineData(0.1, 0.0564)]
    [InlineData(0.25, 0.0914)]
    [InlineData(0.5, 0.1498)]
    [InlineData(1, 0.2665)]
    public void Intercept_resend_shows_as_errors_and_not_in_gains(double fraction, double errorRate)
    {
        OpticalChannel channel = OpticalChannel.Gys(25);
        IReadOnlyList<ArrivalCase> cases = new InterceptResend(fraction).Arrivals(0.48, channel);
        double gain = cases.Sum(c => c.Probability * c.ClickProbability);
        Assert.Equal(1 - Math.Exp(-0.48 * channel.Transmittance), gain, 1e-12);
        Assert.Equal(errorRate, cases.Sum(c => c.Probability * c.ClickProbability * c.ErrorRate) / gain, 6e-5);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_share_of_the_pulses_lies_between_none_and_all(double fraction)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new InterceptResend(fraction));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeamSplitting(fraction));
        Assert.Throws<ArgumentOutOfRangeException>(() => PhotonNumberSplitting.Against(OpticalChannel.Gys(1), 0.48, fraction));
    }

    [Fact]
    public void Agreements_and_channels_are_checked_once()
    {
        Assert.Throws<ArgumentOutOfRangeException>("signal", () => DecoyProtocol.Create(0.05, 0.05, 0, 0.7, 0.2, 0.9));
        Assert.Throws<ArgumentOutOfRangeException>("weak", () => DecoyProtocol.Create(0.5, 0, 0, 0.7, 0.2, 0.9));
        Assert.Throws<ArgumentOutOfRangeException>("vacuum", () => DecoyProtocol.Create(0.5, 0.1, double.NaN, 0.7, 0.2, 0.9));
        Assert.Throws<ArgumentOutOfRangeException>("weakProbability", () => DecoyProtocol.Create(0.5, 0.1, 0, 0.7, 0.3, 0.9));
        Assert.Throws<ArgumentOutOfRangeException>("keyBasisProbability", () => DecoyProtocol.Create(0.5, 0.1, 0, 0.7, 0.2, 1));
        Assert.Throws<ArgumentOutOfRangeException>("distanceInKilometres", () => OpticalChannel.Gys(-1));
        Assert.Throws<ArgumentOutOfRangeException>("darkCountProbability", () => OpticalChannel.Create(1, 0.2, 0.1, 1, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>("deadTimeInPulses", () => OpticalChannel.Create(1, 0.2, 0.1, 0, 0, -1));
    }
}
