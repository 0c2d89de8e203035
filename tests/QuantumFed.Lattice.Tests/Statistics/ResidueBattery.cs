namespace QuantumFed.Lattice.Tests;

/// <summary>Integers uniform in [0, m): bits at the top, in the middle and at the bottom, remainders by small primes, the distribution function, and
/// neighbours. Every expected frequency is the exact count of integers below m.</summary>
internal static class ResidueBattery
{
    private const int Buckets = 256;

    internal static Battery Judge(ReadOnlySpan<ulong> samples, ulong modulus)
    {
        var battery = new Battery();
        int bits = 64 - System.Numerics.BitOperations.LeadingZeroCount(modulus - 1);
        long beyond = 0;
        foreach (ulong x in samples)
            beyond += x >= modulus ? 1 : 0;
        battery.Sum("range", beyond, samples.Length, 0, 0);
        if (beyond != 0)
            return battery;

        int buckets = (int)Math.Min(modulus, Buckets);
        Scaled(battery, samples, modulus, buckets);
        foreach (ulong divisor in (ReadOnlySpan<ulong>)[3, 5, 7, 11, 13])
            Remainders(battery, samples, modulus, divisor);
        for (int shift = 0; shift < bits; shift += 8)
            Windows(battery, samples, modulus, shift);
        for (int bit = 0; bit < bits; bit++)
            Bit(battery, samples, modulus, bit);
        // For fewer values the distribution function is a staircase, which the frequencies know already.
        if (modulus >= 1 << 20)
            Distribution(battery, samples, modulus);
        foreach (int lag in (ReadOnlySpan<int>)[1, 2, 3, 4, 8, 16, 512, 1024, 2048])
            Neighbours(battery, samples, modulus, lag);
        return battery;
    }

    /// <summary>How many x below m have (x >> shift) mod 2^width = value.</summary>
    private static ulong Count(ulong modulus, int shift, int width, ulong value)
    {
        UInt128 period = UInt128.One << (shift + width), from = (UInt128)value << shift, length = UInt128.One << shift;
        UInt128 whole = modulus / period, rest = modulus % period;
        UInt128 last = rest <= from ? 0 : UInt128.Min(rest - from, length);
        return (ulong)(whole * length + last);
    }

    private static void Scaled(Battery battery, ReadOnlySpan<ulong> samples, ulong modulus, int buckets)
    {
        long[] counts = new long[buckets];
        foreach (ulong x in samples)
            counts[Bucket(x, modulus, buckets)]++;
        battery.Frequencies($"{buckets} equal parts", counts, Parts(modulus, buckets));
    }

    private static void Remainders(Battery battery, ReadOnlySpan<ulong> samples, ulong modulus, ulong divisor)
    {
        if (modulus <= divisor)
            return;
        long[] counts = new long[divisor];
        double[] probabilities = new double[divisor];
        for (ulong r = 0; r < divisor; r++)
            probabilities[r] = ((modulus / divisor) + (r < modulus % divisor ? 1UL : 0)) / (double)modulus;
        foreach (ulong x in samples)
            counts[x % divisor]++;
        battery.Frequencies($"remainder by {divisor}", counts, probabilities);
    }

    private static void Windows(Battery battery, ReadOnlySpan<ulong> samples, ulong modulus, int shift)
    {
        long[] counts = new long[Buckets];
        double[] probabilities = new double[Buckets];
        for (int value = 0; value < Buckets; value++)
            probabilities[value] = Count(modulus, shift, 8, (ulong)value) / (double)modulus;
        foreach (ulong x in samples)
            counts[(x >> shift) % Buckets]++;
        battery.Frequencies($"bits from {shift}", counts, probabilities);
    }

    private static void Bit(Battery battery, ReadOnlySpan<ulong> samples, ulong modulus, int bit)
    {
        double p = Count(modulus, bit, 1, 1) / (double)modulus;
        long ones = 0;
        foreach (ulong x in samples)
            ones += (long)(x >> bit) & 1;
        battery.Sum($"bit {bit}", ones - samples.Length * p, samples.Length, p * (1 - p), 1);
    }

    private static void Distribution(Battery battery, ReadOnlySpan<ulong> samples, ulong modulus)
    {
        double[] scaled = new double[samples.Length];
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = samples[i] / (double)modulus;
        battery.Uniformity("distribution function", scaled);
    }

    private static void Neighbours(Battery battery, ReadOnlySpan<ulong> samples, ulong modulus, int lag)
    {
        int buckets = (int)Math.Min(modulus, 16);
        long[] high = new long[buckets * buckets], low = new long[buckets * buckets];
        double[] parts = Parts(modulus, buckets), remainders = new double[buckets];
        for (int r = 0; r < buckets; r++)
            remainders[r] = (modulus / (ulong)buckets + ((ulong)r < modulus % (ulong)buckets ? 1UL : 0)) / (double)modulus;
        foreach (int i in DisjointPairs.At(lag, samples.Length))
        {
            ulong x = samples[i], y = samples[i + lag];
            high[buckets * Bucket(x, modulus, buckets) + Bucket(y, modulus, buckets)]++;
            low[buckets * (int)(x % (ulong)buckets) + (int)(y % (ulong)buckets)]++;
        }
        battery.Frequencies($"pairs at {lag}, high", high, [.. parts.SelectMany(p => parts.Select(r => p * r))]);
        battery.Frequencies($"pairs at {lag}, low", low, [.. remainders.SelectMany(p => remainders.Select(r => p * r))]);
    }

    private static int Bucket(ulong x, ulong modulus, int buckets) => (int)(x * (UInt128)buckets / modulus);

    /// <summary>Bucket j holds the x with j m &lt;= k x &lt; (j + 1) m.</summary>
    private static double[] Parts(ulong modulus, int buckets)
    {
        double[] parts = new double[buckets];
        UInt128 k = (UInt128)buckets;
        for (int j = 0; j < buckets; j++)
        {
            UInt128 from = ((UInt128)j * modulus + k - 1) / k, to = ((UInt128)(j + 1) * modulus + k - 1) / k;
            parts[j] = (double)(to - from) / modulus;
        }
        return parts;
    }
}
