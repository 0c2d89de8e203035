using QuantumFed.Qkd;

namespace QuantumFed.Cli;

/// <summary>Key rates against the fibre's length: theory, and simulated links beside it.</summary>
/// <param name="Pulses">How many each simulated link sends.</param>
/// <param name="InfiniteDecoys">Theory: infinitely many decoys and pulses, per signal pulse, half of them sifted.</param>
/// <param name="VacuumAndWeak">Theory: two decoys and infinitely many pulses, likewise.</param>
/// <param name="Finite">Theory: two decoys and so many pulses, per pulse.</param>
/// <param name="SimulatedVacuumAndWeak">Simulated, as if counted numbers were exact.</param>
/// <param name="SimulatedFinite">Simulated, with fluctuations.</param>
internal sealed record QkdCurve(
    long Pulses, IReadOnlyList<QkdCurve.Point> InfiniteDecoys, IReadOnlyList<QkdCurve.Point> VacuumAndWeak, IReadOnlyList<QkdCurve.Point> Finite,
    IReadOnlyList<QkdCurve.Point> SimulatedVacuumAndWeak, IReadOnlyList<QkdCurve.Point> SimulatedFinite)
{
    public const double MostKilometres = 150;

    private const double TheoryStep = 0.5;
    private const double SimulatedStep = 10;

    public static QkdCurve Of(long pulses, LinkRandomness randomness, Action<double> simulating, CancellationToken cancellation)
    {
        DecoyProtocol protocol = DecoyProtocol.FiniteKey;
        double mu = protocol.MeanPhotonNumber(Intensity.Signal), nu = protocol.MeanPhotonNumber(Intensity.Weak);
        const double efficiency = QkdFigures.ReconciliationEfficiency, sifted = QkdFigures.SiftedShare;
        var simulated = new List<QkdFigures>();
        for (double kilometres = 0; kilometres <= MostKilometres; kilometres += SimulatedStep)
        {
            simulating(kilometres);
            using LinkRun run = BlockSimulator.Run(new SimulatedLink(OpticalChannel.Gys(kilometres), protocol, new NoEavesdropper()), pulses, randomness, cancellation);
            simulated.Add(QkdFigures.Of(run, null));
        }
        return new QkdCurve(
            pulses,
            Theory(channel => AsymptoticKeyRate.InfiniteDecoys(new LinkTheory(channel), mu, efficiency, sifted)),
            Theory(channel => AsymptoticKeyRate.VacuumAndWeak(new LinkTheory(channel), mu, nu, efficiency, sifted)),
            Theory(channel => FiniteKeyBound.Expected(channel, protocol, pulses, efficiency, FiniteKeySecurity.Default).KeyLengthInBits / (double)pulses),
            Positive(simulated.Select(figures => new Point(figures.DistanceInKilometres, figures.AsymptoticKeyRate))),
            Positive(simulated.Select(figures => new Point(figures.DistanceInKilometres, figures.KeyRate))));
    }

    private static IReadOnlyList<Point> Theory(Func<OpticalChannel, double> rate) => Positive(
        Enumerable.Range(0, (int)(MostKilometres / TheoryStep) + 1).Select(i => new Point(i * TheoryStep, rate(OpticalChannel.Gys(i * TheoryStep)))));

    private static IReadOnlyList<Point> Positive(IEnumerable<Point> points) => [.. points.Where(point => point.KeyRate > 0)];

    /// <summary>A rate at a length.</summary>
    internal readonly record struct Point(double Kilometres, double KeyRate);
}
