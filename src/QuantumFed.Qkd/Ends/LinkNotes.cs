using System.Numerics;

namespace QuantumFed.Qkd;

/// <summary>A simulated transmission parted into what each end wrote down. Whoever simulates holds both, hands the receiver's over, and erases them.</summary>
/// <param name="Transmitter">The sending end's.</param>
/// <param name="Receiver">The measuring end's.</param>
public sealed record LinkNotes(TransmitterNotes Transmitter, ReceiverNotes Receiver) : IDisposable
{
    /// <summary>The longest sifted key of one block, in bits: what one privacy amplification takes.</summary>
    public const int MostSiftedBits = PrivacyAmplifier.MostBits;

    /// <summary>The most pulses of one transmission.</summary>
    public const long MostPulses = 1L << 52;

    /// <summary>Parts a run into blocks whose sifted keys have at most <see cref="MostSiftedBits"/> bits, and about as many each.</summary>
    /// <param name="run">The transmission; not changed, and to be disposed by the caller.</param>
    /// <remarks>
    /// Every block is a transmission of its own, with its own counts and its own bound on the key: a bound on a whole run's entropy says nothing of a part of it. The pulses that were
    /// sent between two blocks' detections are not known one by one, so a cut run's are shared out by detections. No bound on the key's length uses them, only the gains
    /// that are shown, and the asymptotic yield of single photons.
    /// </remarks>
    /// <exception cref="ArgumentException">The run has more than 2^52 pulses or 2^31 detections.</exception>
    public static IReadOnlyList<LinkNotes> Split(LinkRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Split(run, MostSiftedBits);
    }

    internal static IReadOnlyList<LinkNotes> Split(LinkRun run, int mostSiftedBits)
    {
        DetectionRecord record = run.Detections;
        if (run.Pulses > MostPulses || record.Count > int.MaxValue)
            throw new ArgumentException("The run is too long.", nameof(run));
        List<int> cuts = Cuts(record, mostSiftedBits);
        long[] sent = [.. Enum.GetValues<Intensity>().Select(run.Sent)];
        var blocks = new List<LinkNotes>(cuts.Count);
        int first = 0, before = 0;
        foreach (int end in cuts)
        {
            int detections = (int)(Math.Min(64L * end, record.Count) - 64L * first), total = (int)record.Count;
            long[] share = [.. sent.Select(count => Share(count, before, detections, total))];
            long live = Math.Max(Share(run.LivePulses, before, detections, total), detections);
            LinkRunId id = LinkRunId.New();
            blocks.Add(new LinkNotes(
                new TransmitterNotes(
                    id, run.ChoicesAreSecret, detections, share, Part(DetectionCode.SentBit), Part(DetectionCode.SentBasis), Part(DetectionCode.IntensityLow), Part(DetectionCode.IntensityHigh)),
                new ReceiverNotes(id, run.ChoicesAreSecret, detections, live, Part(DetectionCode.MeasuredBit), Part(DetectionCode.MeasuredBasis))));
            (first, before) = (end, before + detections);

            ulong[] Part(int plane)
            {
                ulong[] part = BitPlane.Allocate(detections);
                record.Plane(plane)[first..end].CopyTo(part);
                return part;
            }
        }
        return blocks;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Transmitter.Dispose();
        Receiver.Dispose();
    }

    // What is due up to the end less what is due up to the beginning: the shares add up to the whole.
    private static long Share(long whole, int before, int count, int total) =>
        total == 0 ? whole : (long)((Int128)whole * (before + (Int128)count) / total - (Int128)whole * before / total);

    /// <summary>The words at which blocks end.</summary>
    private static List<int> Cuts(DetectionRecord record, int mostSiftedBits)
    {
        ReadOnlySpan<ulong> sent = record.Plane(DetectionCode.SentBasis), measured = record.Plane(DetectionCode.MeasuredBasis);
        long sifted = record.Count;
        for (int w = 0; w < record.Words; w++)
            sifted -= BitOperations.PopCount(sent[w] | measured[w]);
        // One word beyond an even share, so that rounding makes no block more; never beyond what fits.
        long share = sifted / ((sifted - 1) / mostSiftedBits + 1) + 64, most = Math.Min(share, mostSiftedBits);
        var cuts = new List<int>();
        long inBlock = 0;
        for (int w = 0; w < record.Words; w++)
        {
            int count = BitOperations.PopCount(~(sent[w] | measured[w]) & (w == record.Words - 1 ? ulong.MaxValue >> (64 - record.LastWordBits) : ulong.MaxValue));
            if (inBlock + count > most || w - (cuts.Count > 0 ? cuts[^1] : 0) >= TransmitterNotes.MostDetections / 64)
            {
                cuts.Add(w);
                inBlock = 0;
            }
            inBlock += count;
        }
        cuts.Add(record.Words);
        return cuts;
    }
}
