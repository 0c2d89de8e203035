using System.Diagnostics;
using System.Runtime.InteropServices;
using QuantumFed.Randomness;

namespace QuantumFed.Qkd;

/// <summary>Times post-processing on this machine, on the caller's thread.</summary>
public static class PostProcessingMeasurement
{
    /// <summary>The sifted key's length, in bits.</summary>
    public const int CascadeBits = 100_000;

    /// <summary>The sifted key's error rate.</summary>
    public const double CascadeErrorRate = 0.05;

    /// <summary>The input of privacy amplification, in bits.</summary>
    public const int AmplifyInputBits = 1 << 20;

    /// <summary>The output of privacy amplification, in bits.</summary>
    public const int AmplifyOutputBits = 1 << 19;

    // Enough calls, and time, for the runtime to compile the loops a second time with what it learnt.
    private const int WarmUps = 40;
    private const double WarmUpSeconds = 0.5;
    private const int Repetitions = 41;

    /// <summary>Measures both.</summary>
    /// <param name="cancellation">Asked between two repetitions.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static PostProcessingTiming Run(CancellationToken cancellation)
    {
        using RandomStream random = RandomStream.FromSeed([1], "QuantumFed.Qkd.Measurement");
        (ulong[] reference, ulong[] noisy) = DrawKeys(random);
        using var asking = new CascadeReconciler();
        using var answering = new CascadeResponder();
        long leaked = 0, messages = 0;
        int runs = 0;
        using CascadePlan shared = CascadePlan.Create(CascadeBits, CascadeErrorRate, []);
        double reconcile = MedianSeconds(() => CascadeExchange.Run(shared, asking, noisy, answering, reference), cancellation);
        double both = MedianSeconds(() =>
        {
            byte[] seed = BitConverter.GetBytes(runs++);
            using CascadePlan plan = CascadePlan.Create(CascadeBits, CascadeErrorRate, seed);
            using CascadePlan others = CascadePlan.Create(CascadeBits, CascadeErrorRate, seed);
            CascadeExchange.Run(plan, asking, noisy, answering, reference);
            leaked += answering.LeakedBits;
            messages += asking.Messages;
        }, cancellation);

        ulong[] matrix = Draw(PrivacyAmplifier.SeedBits(AmplifyInputBits, AmplifyOutputBits), random), key = Draw(AmplifyInputBits, random);
        ulong[] output = new ulong[PackedBits.WordsFor(AmplifyOutputBits)];
        using PrivacyAmplifier amplifier = PrivacyAmplifier.Create(AmplifyInputBits, AmplifyOutputBits, matrix);
        double amplify = MedianSeconds(() => amplifier.Amplify(key, output), cancellation);
        return new PostProcessingTiming(
            CascadeBits / both / 1e6,
            CascadeBits / reconcile / 1e6,
            ReconciliationEfficiency.Of((int)(leaked / runs), CascadeBits, CascadeErrorRate),
            (int)(messages / runs),
            AmplifyInputBits / (2 * amplify) / 1e6,
            AmplifyInputBits / amplify / 1e6,
            ToeplitzKernel.Widest.ToString());
    }

    private static double MedianSeconds(Action work, CancellationToken cancellation)
    {
        double[] seconds = new double[Repetitions];
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < WarmUps || Stopwatch.GetElapsedTime(begun).TotalSeconds < WarmUpSeconds; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            work();
        }
        for (int i = 0; i < Repetitions; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            long started = Stopwatch.GetTimestamp();
            work();
            seconds[i] = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        Array.Sort(seconds);
        return seconds[Repetitions / 2];
    }

    private static (ulong[] Reference, ulong[] Noisy) DrawKeys(RandomStream random)
    {
        ulong[] reference = Draw(CascadeBits, random);
        reference[^1] &= PackedBits.TailMask(CascadeBits);
        ulong[] noisy = [.. reference];
        for (int errors = (int)(CascadeBits * CascadeErrorRate); errors > 0;)
        {
            int bit = random.NextInt32(CascadeBits);
            if (PackedBits.Get(reference, bit) != PackedBits.Get(noisy, bit))
                continue;
            noisy[bit >>> 6] ^= 1UL << bit;
            errors--;
        }
        return (reference, noisy);
    }

    private static ulong[] Draw(int bits, RandomStream random)
    {
        ulong[] words = new ulong[PackedBits.WordsFor(bits)];
        random.Fill(MemoryMarshal.AsBytes(words.AsSpan()));
        return words;
    }
}
