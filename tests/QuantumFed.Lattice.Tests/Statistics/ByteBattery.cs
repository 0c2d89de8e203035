using System.Buffers.Binary;
using System.Numerics;

namespace QuantumFed.Lattice.Tests;

/// <summary>Random bytes: their frequencies, single bits, runs and agreement of bits so far apart, and pairs of bytes.</summary>
internal static class ByteBattery
{
    // Within a byte and a word, AES blocks of 128 bits, eight of them at once, and the stream's buffer of 4096 bits.
    private static readonly int[] s_lags =
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 256, 384, 512, 640, 768, 896, 1024, 1152, 2048, 4096, 8192];

    internal static Battery Judge(ReadOnlySpan<byte> bytes)
    {
        var battery = new Battery();
        long[] counts = new long[256];
        long ones = 0;
        long[] bits = new long[8];
        foreach (byte x in bytes)
        {
            counts[x]++;
            ones += BitOperations.PopCount(x);
            for (int bit = 0; bit < bits.Length; bit++)
                bits[bit] += (x >> bit) & 1;
        }
        battery.Frequencies("bytes", counts, [.. Enumerable.Repeat(1.0 / 256, 256)]);
        battery.Balance("ones", ones, 8L * bytes.Length);
        for (int bit = 0; bit < bits.Length; bit++)
            battery.Balance($"bit {bit}", bits[bit], bytes.Length);
        foreach (int lag in s_lags)
            Agreement(battery, bytes, lag);
        foreach (int lag in (ReadOnlySpan<int>)[1, 2, 16, 512])
            Pairs(battery, bytes, lag);
        return battery;
    }

    /// <summary>How many bits differ from the one so far on. At lag 1 that is the number of runs, less one.</summary>
    /// <remarks>Of fair bits x_0, x_1, ... the differences x_i + x_(i + lag) are fair and independent too: they are the edges of a forest.</remarks>
    private static void Agreement(Battery battery, ReadOnlySpan<byte> bytes, int lag)
    {
        long differ = 0, compared = 0;
        for (int i = 0; i + lag / 8 + sizeof(ulong) <= bytes.Length; i += sizeof(uint))
        {
            uint first = BinaryPrimitives.ReadUInt32LittleEndian(bytes[i..]);
            uint second = (uint)(BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i + lag / 8)..]) >> (lag % 8));
            differ += BitOperations.PopCount(first ^ second);
            compared += 32;
        }
        battery.Balance(lag == 1 ? "runs" : $"bits at {lag}", differ, compared);
    }

    private static void Pairs(Battery battery, ReadOnlySpan<byte> bytes, int lag)
    {
        long[] high = new long[256], low = new long[256];
        foreach (int i in DisjointPairs.At(lag, bytes.Length))
        {
            high[(bytes[i] >> 4 << 4) | (bytes[i + lag] >> 4)]++;
            low[(bytes[i] & 15) << 4 | (bytes[i + lag] & 15)]++;
        }
        double[] equal = [.. Enumerable.Repeat(1.0 / 256, 256)];
        battery.Frequencies($"upper halves at {lag}", high, equal);
        battery.Frequencies($"lower halves at {lag}", low, equal);
    }
}
