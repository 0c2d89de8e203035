using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace QuantumFed.Qkd;

/// <summary>Basis reconciliation: both parties announce bases and intensities, and keep the detections for which the bases agree.</summary>
public static class Sifting
{
    /// <summary>Counts what is left.</summary>
    public static SiftedCounts Count(LinkRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        long[][] detections = [new long[DecoyProtocol.IntensityCount], new long[DecoyProtocol.IntensityCount]];
        long[][] errors = [new long[DecoyProtocol.IntensityCount], new long[DecoyProtocol.IntensityCount]];
        for (int w = 0; w < run.Detections.Words; w++)
        {
            ulong wrong = run.Detections.Plane(DetectionCode.SentBit)[w] ^ run.Detections.Plane(DetectionCode.MeasuredBit)[w];
            for (int basis = 0; basis < 2; basis++)
            {
                ulong both = BothChose(run.Detections, w, (Basis)basis);
                for (int k = 0; k < DecoyProtocol.IntensityCount; k++)
                {
                    ulong kept = both & WithIntensity(run.Detections, w, k);
                    detections[basis][k] += BitOperations.PopCount(kept);
                    errors[basis][k] += BitOperations.PopCount(kept & wrong);
                }
            }
        }
        return new SiftedCounts(Counts(Basis.X), Counts(Basis.Z));

        BasisCounts Counts(Basis basis) => new(
            [.. detections[(int)basis].Select(count => (double)count)], [.. errors[(int)basis].Select(count => (double)count)]);
    }

    /// <summary>How many pulses of an intensity were detected, whatever the bases.</summary>
    public static long Detections(LinkRun run, Intensity intensity)
    {
        ArgumentNullException.ThrowIfNull(run);
        long count = 0;
        for (int w = 0; w < run.Detections.Words; w++)
            count += BitOperations.PopCount(Noted(run.Detections, w) & WithIntensity(run.Detections, w, (int)intensity));
        return count;
    }

    /// <summary>Takes out the key basis's bits, of all intensities, in order.</summary>
    public static SiftedKey Key(LinkRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        DetectionRecord record = run.Detections;
        // One word more than can be needed: the last one gathers what has not filled a word.
        ulong[] sent = new ulong[record.Words + 1], measured = new ulong[record.Words + 1];
        long length = 0;
        for (int w = 0; w < record.Words; w++)
        {
            ulong kept = BothChose(record, w, Basis.X);
            Append(sent, length, Gather(record.Plane(DetectionCode.SentBit)[w], kept));
            Append(measured, length, Gather(record.Plane(DetectionCode.MeasuredBit)[w], kept));
            length += BitOperations.PopCount(kept);
        }
        return new SiftedKey(sent, measured, length, run.ChoicesAreSecret);
    }

    /// <summary>The bits of <paramref name="bits"/> that <paramref name="mask"/> names, moved together at the bottom.</summary>
    internal static ulong Gather(ulong bits, ulong mask) => Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitExtract(bits, mask) : GatherOneByOne(bits, mask);

    internal static ulong GatherOneByOne(ulong bits, ulong mask)
    {
        ulong gathered = 0;
        for (int to = 0; mask != 0; to++, mask &= mask - 1)
            gathered |= (bits >> BitOperations.TrailingZeroCount(mask) & 1) << to;
        return gathered;
    }

    private static void Append(ulong[] words, long length, ulong bits)
    {
        int word = (int)(length >> 6), shift = (int)(length & 63);
        words[word] |= bits << shift;
        if (shift > 0)
            words[word + 1] |= bits >> (64 - shift);
    }

    private static ulong BothChose(DetectionRecord record, int word, Basis basis)
    {
        ulong sent = record.Plane(DetectionCode.SentBasis)[word], measured = record.Plane(DetectionCode.MeasuredBasis)[word];
        return Noted(record, word) & (basis == Basis.Z ? sent & measured : ~(sent | measured));
    }

    private static ulong WithIntensity(DetectionRecord record, int word, int intensity)
    {
        ulong low = record.Plane(DetectionCode.IntensityLow)[word], high = record.Plane(DetectionCode.IntensityHigh)[word];
        return ((intensity & 1) != 0 ? low : ~low) & ((intensity & 2) != 0 ? high : ~high);
    }

    /// <summary>The bits of a word that stand for detections.</summary>
    private static ulong Noted(DetectionRecord record, int word) =>
        word == record.Words - 1 ? ulong.MaxValue >> (64 - record.LastWordBits) : ulong.MaxValue;
}
