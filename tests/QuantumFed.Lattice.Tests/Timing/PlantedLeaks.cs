using System.Runtime.CompilerServices;

namespace QuantumFed.Lattice.Tests;

/// <summary>Code that leaks on purpose, each in another way: what the experiment must find before its silence means anything.</summary>
internal static class PlantedLeaks
{
    private const int Length = 2048;

    // Larger than a second-level cache.
    private const int TableLength = 1 << 22;

    private static long s_sink;

    internal static IReadOnlyDictionary<string, Func<TimingSubject>> All { get; } = new Dictionary<string, Func<TimingSubject>>
    {
        ["a comparison that ends at the first difference"] = EarlyExit,
        ["a reduction that branches"] = Branch,
        ["one of 2048 elements takes a little longer"] = OneElement,
        ["a table indexed by a secret"] = Table,
    };

    private static TimingSubject EarlyExit()
    {
        byte[][] guesses = TimingSubject.PerSlot(() => new byte[Length]);
        byte[] secret = new byte[Length];
        return new TimingSubject(
            (slot, isFixed, random) =>
            {
                random.Fill(guesses[slot]);
                if (isFixed)
                    secret.CopyTo(guesses[slot], 0);
            },
            slot =>
            {
                for (int i = 0; i < Length; i++)
                {
                    if (guesses[slot][i] != secret[i])
                        return;
                }
            });
    }

    private static TimingSubject Branch()
    {
        uint[][] values = TimingSubject.PerSlot(() => new uint[Length]);
        return new TimingSubject(
            (slot, isFixed, random) => TimingInputs.Draw(random, values[slot], isFixed),
            slot =>
            {
                foreach (uint value in values[slot])
                {
                    if (value >= 1u << 31)
                        Reduce(value);
                }
            });
    }

    private static TimingSubject OneElement()
    {
        uint[][] values = TimingSubject.PerSlot(() => new uint[Length]);
        return new TimingSubject(
            (slot, isFixed, random) => TimingInputs.Draw(random, values[slot], isFixed),
            slot =>
            {
                long sum = 0;
                foreach (uint value in values[slot])
                    sum += value;
                if (values[slot][0] != 0)
                {
                    for (int i = 0; i < 64; i++)
                        Reduce(values[slot][i]);
                }
                Volatile.Write(ref s_sink, sum);
            });
    }

    private static TimingSubject Table()
    {
        byte[] table = new byte[TableLength];
        uint[][] values = TimingSubject.PerSlot(() => new uint[Length]);
        return new TimingSubject(
            (slot, isFixed, random) => TimingInputs.Draw(random, values[slot], isFixed),
            slot =>
            {
                int sum = 0;
                foreach (uint value in values[slot])
                    sum += table[value % TableLength];
                Volatile.Write(ref s_sink, sum);
            });
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Reduce(uint value) => Volatile.Write(ref s_sink, s_sink + value);
}
