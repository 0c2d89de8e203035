using QuantumFed.Randomness;

namespace QuantumFed.Qkd;

/// <summary>The reference: follows every pulse from the laser to the receiver's bit.</summary>
public static class PulseSimulator
{
    private const int PulsesBetweenLooks = 1 << 16;

    /// <summary>Sends so many pulses.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static LinkRun Run(SimulatedLink link, long pulses, LinkRandomness randomness, CancellationToken cancellation) =>
        Run(link, pulses, randomness, null, cancellation);

    internal static LinkRun Run(SimulatedLink link, long pulses, LinkRandomness randomness, List<long>? positions, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentOutOfRangeException.ThrowIfNegative(pulses);
        ArgumentNullException.ThrowIfNull(randomness);
        OpticalChannel channel = link.Channel;
        DecoyProtocol protocol = link.Protocol;
        RandomStream physics = randomness.Physics, choices = randomness.Choices;
        double eta = channel.Transmittance, signal = protocol.Probability(Intensity.Signal), decoys = signal + protocol.Probability(Intensity.Weak);
        double[] means = [.. Enum.GetValues<Intensity>().Select(protocol.MeanPhotonNumber)];
        double[] vacuums = [.. means.Select(mean => Math.Exp(-mean))];
        var record = new DetectionRecord();
        var truth = new GroundTruth();
        long[] sent = new long[DecoyProtocol.IntensityCount];
        long live = 0, blindUntil = 0;
        for (long pulse = 0; pulse < pulses; pulse++)
        {
            if (pulse % PulsesBetweenLooks == 0)
                cancellation.ThrowIfCancellationRequested();

            // The sender's and the receiver's choices.
            double u = choices.NextDouble();
            int intensity = u < signal ? 0 : u < decoys ? 1 : 2;
            Basis sentBasis = BasisOf(choices.NextDouble()), measuredBasis = BasisOf(choices.NextDouble());
            bool bit = (choices.NextUInt64() & 1) != 0;
            sent[intensity]++;

            // The fibre, and whoever holds it.
            int photons = PoissonPulse.Sample(means[intensity], vacuums[intensity], physics);
            PulseInFlight arriving = link.Eavesdropper.Intercept(new PulseInFlight(photons, sentBasis, bit, eta, false), channel, physics);

            // The receiver.
            if (pulse < blindUntil)
                continue;
            live++;
            bool seen = false;
            for (int photon = 0; photon < arriving.Photons; photon++)
                seen |= physics.NextDouble() < arriving.DetectionProbability;
            if (!seen && physics.NextDouble() >= channel.DarkCountProbability)
                continue;
            bool measured = seen && arriving.Basis == measuredBasis
                ? arriving.Bit ^ (physics.NextDouble() < channel.MisalignmentErrorRate)
                : (physics.NextUInt64() & 1) != 0;
            blindUntil = pulse + 1 + channel.DeadTimeInPulses;
            positions?.Add(pulse);
            record.Append(DetectionCode.Of(bit ? 1 : 0, measured ? 1 : 0, (int)sentBasis, (int)measuredBasis, intensity));
            if (sentBasis == measuredBasis)
            {
                PhotonNumberClass emitted = (PhotonNumberClass)Math.Min(photons, 2);
                truth.Add((int)sentBasis, GroundTruth.Outcome(emitted, arriving.IsKnownToEavesdropper, measured != bit));
            }
        }
        record.Complete();
        return new LinkRun(link, sent, live, record, truth, randomness.ChoicesAreSecret);

        Basis BasisOf(double v) => v < protocol.KeyBasisProbability ? Basis.X : Basis.Z;
    }
}
