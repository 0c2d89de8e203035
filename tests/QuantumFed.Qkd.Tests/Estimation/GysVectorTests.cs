namespace QuantumFed.Qkd.Tests;

/// <summary>Formulas against the table computed from Ma, Qi, Zhao, Lo (2005), and against what the paper prints.</summary>
public sealed class GysVectorTests
{
    public static TheoryData<double> Kilometres => [.. GysReference.Rows.Select(row => row.Kilometres)];

    [Theory]
    [MemberData(nameof(Kilometres))]
    public void Formulas_give_the_table(double kilometres)
    {
        GysReference row = GysReference.At(kilometres);
        var link = new LinkTheory(OpticalChannel.Gys(kilometres));
        Near(row.QMu, link.Gain(GysReference.Mu));
        Near(row.EMu, link.QuantumBitErrorRate(GysReference.Mu));
        Near(row.QNu, link.Gain(GysReference.Nu));
        Near(row.ENu, link.QuantumBitErrorRate(GysReference.Nu));
        Near(row.Y1, link.SinglePhotonYield);
        Near(row.E1, link.SinglePhotonErrorRate);
        DecoyBounds bounds = DecoyBounds.VacuumAndWeak(0.48, 0.05, link.Gain(0.48), link.Gain(0.05), link.ErrorGain(0.05), link.Gain(0));
        Near(row.Y1Lower, bounds.SinglePhotonYield);
        Near(row.E1Upper, bounds.SinglePhotonErrorRate);
        Near(row.RInfinite, AsymptoticKeyRate.InfiniteDecoys(link, 0.48, GysReference.Efficiency, GysReference.SiftedShare), 1e-2);
        Near(row.RVacuumWeak, AsymptoticKeyRate.VacuumAndWeak(link, 0.48, 0.05, GysReference.Efficiency, GysReference.SiftedShare), 1e-2);

        static void Near(double expected, double actual, double tolerance = 1e-6) =>
            Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"{actual:R} is not {expected:R}");
    }

    [Fact]
    public void At_141_kilometres_vacuum_and_a_weak_decoy_give_no_key()
    {
        Assert.True(AsymptoticKeyRate.VacuumAndWeak(new LinkTheory(OpticalChannel.Gys(140)), 0.48, 0.05, 1.22, 0.5) > 0);
        Assert.True(AsymptoticKeyRate.VacuumAndWeak(new LinkTheory(OpticalChannel.Gys(141)), 0.48, 0.05, 1.22, 0.5) <= 0);
    }

    [Fact]
    public void The_reach_is_the_published_one()
    {
        Assert.Equal(142.05, Reach(link => AsymptoticKeyRate.InfiniteDecoys(link, 0.48, 1.22, 0.5)), 0.1);
        Assert.Equal(140.55, Reach(link => AsymptoticKeyRate.VacuumAndWeak(link, 0.48, 0.05, 1.22, 0.5)), 0.1);

        static double Reach(Func<LinkTheory, double> rate)
        {
            double low = 100, high = 200;
            while (high - low > 1e-3)
            {
                double middle = (low + high) / 2;
                (low, high) = rate(new LinkTheory(OpticalChannel.Gys(middle))) > 0 ? (middle, high) : (low, middle);
            }
            return low;
        }
    }

    [Fact]
    public void The_optimal_signal_is_the_published_one()
    {
        Assert.Equal(0.48, AsymptoticKeyRate.OptimalMeanPhotonNumber(0.033, 1.22), 0.005);
        Assert.Equal(0.54, AsymptoticKeyRate.OptimalMeanPhotonNumber(0.033, 1), 0.005);
        // And the rate itself is largest there, where the approximation (little background, much loss) holds.
        var link = new LinkTheory(OpticalChannel.Gys(60));
        double best = Enumerable.Range(20, 60).Select(i => i / 100.0).MaxBy(mu => AsymptoticKeyRate.InfiniteDecoys(link, mu, 1.22, 0.5));
        Assert.Equal(0.48, best, 0.011);
    }

    [Fact]
    public void Two_decoys_deviate_from_infinitely_many_as_published()
    {
        // At 40 km with nu = mu / 4: Y_1 by 3.5 %, e_1 by 16.8 %.
        var link = new LinkTheory(OpticalChannel.Gys(40));
        DecoyBounds bounds = DecoyBounds.VacuumAndWeak(0.48, 0.12, link.Gain(0.48), link.Gain(0.12), link.ErrorGain(0.12), link.Gain(0));
        Assert.Equal(0.035, 1 - bounds.SinglePhotonYield / link.SinglePhotonYield, 0.002);
        Assert.Equal(0.168, bounds.SinglePhotonErrorRate / link.SinglePhotonErrorRate - 1, 0.005);
    }

    [Fact]
    public void The_entropy_of_a_coin_is_one_bit_and_of_none_nothing()
    {
        Assert.Equal(1, BinaryEntropy.Of(0.5), 1e-15);
        Assert.Equal(0, BinaryEntropy.Of(0) + BinaryEntropy.Of(1));
        Assert.Equal(0.499916, BinaryEntropy.Of(0.11), 1e-6);
        Assert.Throws<ArgumentOutOfRangeException>(() => BinaryEntropy.Of(double.NaN));
    }
}
