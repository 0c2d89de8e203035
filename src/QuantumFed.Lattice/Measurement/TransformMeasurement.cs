using System.Numerics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>Times the transforms of one ring.</summary>
internal static class TransformMeasurement
{
    private const int Batch = 50;

    internal static IReadOnlyList<int> Degrees { get; } = [1024, 2048, 4096, 8192, 16384, 32768];

    internal static TransformTiming Run(int degree, MedianTimer timer)
    {
        Modulus modulus = PrimeFor(degree);
        NegacyclicRing widest = NegacyclicRing.Create(modulus, degree, KernelPaths.Widest), scalar = NegacyclicRing.Create(modulus, degree, KernelPath.Scalar);
        using RandomStream random = RandomStream.FromSeed([1], "QuantumFed.Lattice.Measurement");
        double[] start = new double[degree], work = new double[degree];
        for (int i = 0; i < degree; i++)
            start[i] = modulus.Centre(random.NextUInt64() % modulus.Value);

        // The inverse takes what the forward transform or a product leaves, at most 3/4 q: residues centred are.
        double Median(Action transform) => timer.Seconds(() =>
        {
            for (int i = 0; i < Batch; i++)
            {
                start.CopyTo(work, 0);
                transform();
            }
        }) / Batch * 1e6;
        double copy = Median(() => { });
        return new TransformTiming(
            Median(() => widest.ForwardOnly(work)) - copy, Median(() => widest.InverseOnly(work)) - copy,
            Median(() => scalar.ForwardOnly(work)) - copy, Median(() => scalar.InverseOnly(work)) - copy);
    }

    /// <summary>A prime of nearly 49 bits, or of nearly as many as keep the transforms' bound, with a primitive 2n-th root of unity.</summary>
    internal static Modulus PrimeFor(int degree)
    {
        ulong step = 2 * (ulong)degree, below = 1UL << Modulus.MaxBits;
        while (NttTables.InputBoundOfLastMultiplication(below, BitOperations.Log2((uint)degree)) > 1L << 52)
            below -= below / 256;
        for (ulong q = (below - 2) / step * step + 1; ; q -= step)
        {
            if (Modulus.TryCreate(q, out Modulus? modulus))
                return modulus;
        }
    }
}
