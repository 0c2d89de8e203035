using System.Diagnostics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>Times a subject on interleaved inputs of both classes, in the order that coins give.</summary>
internal static class TimingExperiment
{
    /// <summary>A leak is what shows in all of so many repetitions, each with coins and inputs of its own.</summary>
    internal const int Repetitions = 3;

    private const int Measurements = 100_000;
    private const int WarmUps = 2000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    /// <summary>The largest t of each repetition; ends after the first that stays below the threshold, which clears the subject.</summary>
    internal static IReadOnlyList<double> Run(TimingSubject subject)
    {
        using RandomStream random = RandomStream.FromOperatingSystem();
        WarmUp(subject, random);
        var found = new List<double>();
        do
        {
            found.Add(Repeat(subject, random));
        }
        while (found.Count < Repetitions && IsLeak(found[^1]));
        return found;
    }

    internal static bool IsLeak(IReadOnlyList<double> repetitions) => repetitions.Count == Repetitions && repetitions.All(IsLeak);

    private static bool IsLeak(double t) => Math.Abs(t) > WelchTest.Threshold;

    // The optimising compiler works in the background and replaces code after calls and time: both are given.
    private static void WarmUp(TimingSubject subject, RandomStream random)
    {
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < WarmUps || clock.ElapsedMilliseconds < 500; i++)
        {
            subject.Prepare(i % TimingSubject.Slots, (i & 1) != 0, random);
            subject.Run(i % TimingSubject.Slots);
        }
    }

    private static double Repeat(TimingSubject subject, RandomStream random)
    {
        long[] times = new long[Measurements];
        bool[] isFixed = new bool[Measurements];
        int taken = 0;
        var clock = Stopwatch.StartNew();
        while (taken + TimingSubject.Slots <= Measurements && clock.Elapsed < s_patience)
        {
            for (int slot = 0; slot < TimingSubject.Slots; slot++)
            {
                isFixed[taken + slot] = random.NextInt32(2) != 0;
                subject.Prepare(slot, isFixed[taken + slot], random);
            }
            for (int slot = 0; slot < TimingSubject.Slots; slot++)
            {
                long start = Stopwatch.GetTimestamp();
                subject.Run(slot);
                times[taken++] = Stopwatch.GetTimestamp() - start;
            }
        }
        return WelchTest.LargestT(times.AsSpan(0, taken), isFixed.AsSpan(0, taken));
    }
}
