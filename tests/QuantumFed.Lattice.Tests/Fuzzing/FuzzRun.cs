using System.Globalization;

namespace QuantumFed.Lattice.Tests;

/// <summary>Feeds mutations of valid inputs to a parser and holds it to three laws: it never throws; what it accepts is written back to the same
/// bytes; and it allocates no more than it says, of which nothing for an input of a wrong length.</summary>
internal static class FuzzRun
{
    /// <summary>Returns how many inputs were accepted.</summary>
    /// <param name="name">Names the parser, and the part of the run's randomness that is its own.</param>
    /// <param name="valid">Inputs to mutate.</param>
    /// <param name="allocationBound">The most bytes that one call may allocate.</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="parse">The parser.</param>
    /// <param name="write">Gives the bytes of what was parsed, and disposes it.</param>
    internal static int Of<TValue>(
        string name, IReadOnlyList<byte[]> valid, long allocationBound, int count, HostileParser<TValue> parse, Func<TValue, byte[]> write)
    {
        using Randomness.RandomStream random = RunLength.Stream("fuzz " + name);
        var mutator = new ByteMutator(valid, random);
        int[] lengths = [.. valid.Select(v => v.Length).Distinct()];
        // Valid inputs first: they must be accepted, and whatever is allocated once only is.
        foreach (byte[] bytes in valid)
            Assert.True(parse(bytes, out TValue? value) && write(value!).AsSpan().SequenceEqual(bytes), $"{name} refused a valid input; {RunLength.SeedText}");

        int accepted = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> bytes = mutator.Next();
            bool parsed;
            TValue? value;
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                parsed = parse(bytes, out value);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException(Report(name, i, bytes, $"threw {exception.GetType().Name}"), exception);
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            long allowed = lengths.Contains(bytes.Length) ? allocationBound : 0;
            // A collection meanwhile retires what is left of the thread's allocation buffer and counts it too: such a call is measured again.
            for (int again = 0; allocated > allowed && again < 5; again++)
                allocated = Math.Min(allocated, Allocated(bytes, parse));
            if (allocated > allowed)
                Assert.Fail(Report(name, i, bytes, $"allocated {allocated} bytes, more than {allowed}"));
            if (!parsed)
                continue;
            accepted++;
            if (!write(value!).AsSpan().SequenceEqual(bytes))
                Assert.Fail(Report(name, i, bytes, "was not written back to the same bytes"));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {count} inputs, {accepted} accepted, {RunLength.SeedText}");
        return accepted;
    }

    private static long Allocated<TValue>(ReadOnlySpan<byte> bytes, HostileParser<TValue> parse)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool parsed = parse(bytes, out TValue? value);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (parsed && value is IDisposable secret)
            secret.Dispose();
        return allocated;
    }

    private static string Report(string name, int i, ReadOnlySpan<byte> bytes, string what)
    {
        string shown = Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, 64)]);
        return string.Create(CultureInfo.InvariantCulture, $"{name}, input {i} ({RunLength.SeedText}): {what}. {bytes.Length} bytes, {shown}...");
    }
}
