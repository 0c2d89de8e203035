using System.Runtime.InteropServices;
using System.Security.Cryptography;
using QuantumFed.Randomness;

namespace QuantumFed.Qkd;

/// <summary>The fast simulator: leaps from detection to detection, a block of them at a time, and draws only what a detection is like.</summary>
/// <remarks>
/// <para>Pulses are independent and alike, but for the receiver's dead time after a click; so the number of pulses before the next click is geometric,
/// and a click's intensity, photon number and error have fixed odds given that it clicked. A test holds the distribution against
/// <see cref="PulseSimulator"/>'s.</para>
/// <para>What the parties chose for pulses that nobody detected is never drawn, only counted: they throw it away.</para>
/// </remarks>
public static class BlockSimulator
{
    private const int BlockSize = 2048;
    private const int BasisBits = 31;
    private const ulong BasisMask = (1UL << BasisBits) - 1;

    /// <summary>Sends so many pulses.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static LinkRun Run(SimulatedLink link, long pulses, LinkRandomness randomness, CancellationToken cancellation) =>
        Run(link, pulses, randomness, null, cancellation);

    internal static LinkRun Run(SimulatedLink link, long pulses, LinkRandomness randomness, List<long>? positions, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentOutOfRangeException.ThrowIfNegative(pulses);
        ArgumentNullException.ThrowIfNull(randomness);
        var clicks = new ClickDistribution(link);
        var record = new DetectionRecord();
        var truth = new GroundTruth();
        long[] clicked = new long[DecoyProtocol.IntensityCount];
        long live = clicks.ClickProbability > 0
            ? Leap(link, pulses, randomness, clicks, record, truth, clicked, positions, cancellation)
            : pulses;
        record.Complete();

        // The others' intensities: of the pulses that came in vain, and of those that met a blind receiver.
        RandomStream physics = randomness.Physics;
        Intensity[] intensities = Enum.GetValues<Intensity>();
        long[] silent = BinomialSampler.Split(live - clicked.Sum(), [.. intensities.Select(clicks.GivenSilence)], physics);
        long[] unseen = BinomialSampler.Split(pulses - live, [.. intensities.Select(link.Protocol.Probability)], physics);
        long[] sent = [.. clicked.Select((count, k) => count + silent[k] + unseen[k])];
        return new LinkRun(link, sent, live, record, truth, randomness.ChoicesAreSecret);
    }

    /// <summary>Fills the record, and returns how many pulses met a receiver that was not blind.</summary>
    private static long Leap(
        SimulatedLink link, long pulses, LinkRandomness randomness, ClickDistribution clicks, DetectionRecord record, GroundTruth truth, long[] clicked,
        List<long>? positions, CancellationToken cancellation)
    {
        AliasTable?[] outcomes = clicks.Outcomes;
        ulong signal = Threshold(clicks.GivenClick(Intensity.Signal)), decoys = Threshold(1 - clicks.GivenClick(Intensity.Vacuum));
        ulong keyBasis = (ulong)Math.Round(link.Protocol.KeyBasisProbability * (1UL << BasisBits));
        int deadTime = link.Channel.DeadTimeInPulses;
        ulong[] nature = new ulong[2 * BlockSize], chosen = new ulong[2 * BlockSize];
        double[] gaps = new double[BlockSize];
        long position = 0, blind = 0;
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                randomness.Physics.Fill(MemoryMarshal.AsBytes(nature.AsSpan()));
                randomness.Choices.Fill(MemoryMarshal.AsBytes(chosen.AsSpan()));
                GeometricGaps.Fill(nature.AsSpan(0, BlockSize), gaps, clicks.ClickProbability);
                for (int i = 0; i < gaps.Length; i++)
                {
                    position += (long)gaps[i];
                    if (position >= pulses)
                        return pulses - blind;
                    ulong brightness = chosen[i], basesAndBit = chosen[BlockSize + i];
                    int intensity = (brightness >= signal ? 1 : 0) + (brightness >= decoys ? 1 : 0);
                    int sentBasis = (basesAndBit & BasisMask) < keyBasis ? 0 : 1, measuredBasis = ((basesAndBit >> BasisBits) & BasisMask) < keyBasis ? 0 : 1;
                    int bit = (int)(basesAndBit >> 63), matched = 1 ^ sentBasis ^ measuredBasis;
                    int outcome = outcomes[2 * intensity + matched]!.Draw(nature[BlockSize + i]);
                    record.Append(DetectionCode.Of(bit, bit ^ (outcome & 1), sentBasis, measuredBasis, intensity));
                    clicked[intensity]++;
                    positions?.Add(position);
                    if (matched != 0)
                        truth.Add(sentBasis, outcome);
                    position++;
                    blind += Math.Min(deadTime, pulses - position);
                    position += deadTime;
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(chosen.AsSpan()));
        }
    }

    private static ulong Threshold(double probability) =>
        probability >= 1 ? ulong.MaxValue : (ulong)(probability * 18446744073709551616.0);
}
