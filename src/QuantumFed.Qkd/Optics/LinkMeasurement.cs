using System.Diagnostics;

namespace QuantumFed.Qkd;

/// <summary>Times the simulators over the GYS link, each after a warm-up, as medians.</summary>
public static class LinkMeasurement
{
    /// <summary>The length of the link that is timed.</summary>
    public const double DistanceInKilometres = 50;

    private const long FastPulses = 1_000_000_000;
    private const long SlowPulses = 1_000_000;
    private const int Repetitions = 9;
    private const int WarmUps = 2;

    /// <summary>Measures both, with choices from the operating system's generator.</summary>
    /// <param name="tell">Told what is being measured.</param>
    /// <param name="cancellation">Asked between two repetitions and within one.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static LinkTiming Run(Action<string> tell, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tell);
        SimulatedLink link = new(OpticalChannel.Gys(DistanceInKilometres), DecoyProtocol.FiniteKey, new NoEavesdropper());
        using LinkRandomness randomness = LinkRandomness.FromOperatingSystem();
        tell("a link, block by block");
        double fast = Mpulse(FastPulses, () => BlockSimulator.Run(link, FastPulses, randomness, cancellation).Dispose());
        tell("a link, pulse by pulse");
        double slow = Mpulse(SlowPulses, () => PulseSimulator.Run(link, SlowPulses, randomness, cancellation).Dispose());
        tell("sifting");
        using LinkRun run = BlockSimulator.Run(link, FastPulses, randomness, cancellation);
        double sift = Mpulse(FastPulses, () =>
        {
            _ = Sifting.Count(run);
            Sifting.Key(run).Dispose();
        });
        return new LinkTiming(fast, slow, sift);

        double Mpulse(long pulses, Action work)
        {
            double[] seconds = new double[Repetitions];
            for (int i = -WarmUps; i < Repetitions; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                long started = Stopwatch.GetTimestamp();
                work();
                if (i >= 0)
                    seconds[i] = Stopwatch.GetElapsedTime(started).TotalSeconds;
            }
            Array.Sort(seconds);
            return pulses / seconds[Repetitions / 2] / 1e6;
        }
    }
}
