using System.Numerics;

namespace QuantumFed.Lattice.Tests;

public sealed class MeasuredRingTests
{
    [Theory]
    [InlineData(1024)]
    [InlineData(4096)]
    [InlineData(16384)]
    [InlineData(32768)]
    public void Every_measured_degree_has_a_prime_within_one_bit_of_49_and_its_bounds(int degree)
    {
        Modulus modulus = TransformMeasurement.PrimeFor(degree);
        Assert.Equal(1UL, modulus.Value % (2 * (ulong)degree));
        Assert.InRange(modulus.Value, 1UL << 48, (1UL << 49) - 1);
        Assert.InRange(NttTables.InputBoundOfLastMultiplication(modulus.Value, BitOperations.Log2((uint)degree)), 0, 1L << 52);
        foreach (KernelPath path in Paths.Supported)
        {
            NegacyclicRing ring = NegacyclicRing.Create(modulus, degree, path);
            double[] x = new double[degree], copy;
            for (int i = 0; i < degree; i++)
                x[i] = i % 7 == 0 ? (modulus.Value - 1) / 2 : -i;
            copy = [.. x];
            ring.ForwardOnly(x);
            for (int i = 0; i < degree; i++)
                x[i] = modulus.Centre((ulong)(((long)x[i] % (long)modulus.Value + (long)modulus.Value) % (long)modulus.Value));
            ring.InverseOnly(x);
            for (int i = 0; i < degree; i++)
                Assert.Equal(0, ((long)x[i] - (long)copy[i]) % (long)modulus.Value);
        }
    }
}
