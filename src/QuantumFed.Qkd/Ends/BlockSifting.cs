using System.Numerics;

namespace QuantumFed.Qkd;

/// <summary>One end's share of a block after both ends announced bases and the transmitter its intensities: its own sifted key, its own test bits, and what both know of them.</summary>
internal sealed class BlockSifting : IDisposable
{
    private readonly ulong[] _keyLow, _keyHigh, _testLow, _testHigh;

    /// <summary>Sifts. Every plane has one bit per detection.</summary>
    internal BlockSifting(
        int detections, ReadOnlySpan<ulong> ownBits, ReadOnlySpan<ulong> sentBasis, ReadOnlySpan<ulong> measuredBasis, ReadOnlySpan<ulong> low, ReadOnlySpan<ulong> high)
    {
        ulong[] keyMask = new ulong[sentBasis.Length], testMask = new ulong[sentBasis.Length];
        for (int w = 0; w < keyMask.Length; w++)
        {
            keyMask[w] = ~(sentBasis[w] | measuredBasis[w]);
            testMask[w] = sentBasis[w] & measuredBasis[w];
        }
        if (keyMask.Length > 0)
            keyMask[^1] &= PackedBits.TailMask(detections);
        KeyBits = BitPlane.Count(keyMask);
        TestBits = BitPlane.Count(testMask);
        Key = BitPlane.Gather(ownBits, keyMask, KeyBits);
        Test = BitPlane.Gather(ownBits, testMask, TestBits);
        (_keyLow, _keyHigh) = (BitPlane.Gather(low, keyMask, KeyBits), BitPlane.Gather(high, keyMask, KeyBits));
        (_testLow, _testHigh) = (BitPlane.Gather(low, testMask, TestBits), BitPlane.Gather(high, testMask, TestBits));
        Detections = PerIntensity(low, high, detections, null);
    }

    /// <summary>The sifted key's length.</summary>
    internal int KeyBits { get; }

    /// <summary>The number of announced bits.</summary>
    internal int TestBits { get; }

    /// <summary>The own sifted key.</summary>
    internal ulong[] Key { get; }

    /// <summary>The own bits of the test basis.</summary>
    internal ulong[] Test { get; }

    /// <summary>All detections by intensity.</summary>
    internal long[] Detections { get; }

    /// <summary>Whether no detection has the intensity that does not exist.</summary>
    internal static bool AreIntensities(ReadOnlySpan<ulong> low, ReadOnlySpan<ulong> high)
    {
        ulong both = 0;
        for (int w = 0; w < low.Length; w++)
            both |= low[w] & high[w];
        return both == 0;
    }

    /// <summary>The counts for the bound.</summary>
    /// <param name="othersTest">The other end's test bits.</param>
    /// <param name="keyErrors">The key basis's errors by intensity; before reconciliation <see langword="null"/>: as often as in the test basis.</param>
    internal SiftedCounts Counts(ulong[] othersTest, ReadOnlySpan<double> keyErrors)
    {
        ulong[] wrong = new ulong[Test.Length];
        for (int w = 0; w < wrong.Length; w++)
            wrong[w] = Test[w] ^ othersTest[w];
        var test = new BasisCounts(AsDoubles(PerIntensity(_testLow, _testHigh, TestBits, null)), AsDoubles(PerIntensity(_testLow, _testHigh, TestBits, wrong)));
        double[] sifted = AsDoubles(PerIntensity(_keyLow, _keyHigh, KeyBits, null));
        double[] errors = keyErrors.IsEmpty ? [.. sifted.Select(count => count * test.QuantumBitErrorRate)] : keyErrors.ToArray();
        return new SiftedCounts(new BasisCounts(sifted, errors), test);
    }

    /// <summary>How many of the key bits that a plane marks have each intensity.</summary>
    internal long[] KeyPerIntensity(ulong[] marked) => PerIntensity(_keyLow, _keyHigh, KeyBits, marked);

    /// <summary>Erases the key.</summary>
    public void Dispose()
    {
        BitPlane.Erase(Key);
        BitPlane.Erase(Test);
    }

    private static double[] AsDoubles(long[] counts) => [.. counts.Select(count => (double)count)];

    private static long[] PerIntensity(ReadOnlySpan<ulong> low, ReadOnlySpan<ulong> high, int bits, ulong[]? marked)
    {
        long[] counts = new long[DecoyProtocol.IntensityCount];
        for (int w = 0; w < low.Length; w++)
        {
            ulong of = marked is not null ? marked[w] : w == low.Length - 1 ? PackedBits.TailMask(bits) : ulong.MaxValue;
            counts[(int)Intensity.Signal] += BitOperations.PopCount(of & ~(low[w] | high[w]));
            counts[(int)Intensity.Weak] += BitOperations.PopCount(of & low[w]);
            counts[(int)Intensity.Vacuum] += BitOperations.PopCount(of & high[w]);
        }
        return counts;
    }
}
