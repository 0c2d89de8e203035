using System.Runtime.Intrinsics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>Multiplication in double precision against exact 128-bit arithmetic, at the ends of its proved range.</summary>
[Trait("Runs", "OnEveryPath")]
public sealed unsafe class LaneTests
{
    private const ulong Q = Modulus.LargestBelow2To49;
    private const long Limit = 1L << 52;

    [Fact]
    public void Products_are_exact_modulo_q_and_within_the_proved_bound()
    {
        using RandomStream random = RandomStream.FromSeed([3], "test");
        const int Count = 8192;
        long half = (long)(Q / 2);
        long[] xEdges = [0, 1, -1, half, -half, (long)Q, -(long)Q, Limit, -Limit, Limit - 1, 7 * (long)Q], wEdges = [0, 1, -1, half, -half, half - 1];
        double[] x = new double[Count], w = new double[Count], v = new double[Count], product = new double[Count], first = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            x[i] = i < 1024 ? xEdges[i % xEdges.Length] : (long)(random.NextUInt64() >> 11) - Limit;
            w[i] = i < 1024 ? wEdges[i / xEdges.Length % wEdges.Length] : (long)(random.NextUInt64() % Q) - half;
            v[i] = w[i] / Q;
        }
        foreach (KernelPath path in Paths.Supported)
        {
            fixed (double* px = x, pw = w, pv = v, pp = product)
            {
                if (path == KernelPath.Vector512)
                    NttKernel<Lane512, Vector512<double>>.Multiply(px, pw, pv, pp, Count, Q);
                else if (path == KernelPath.Vector256)
                    NttKernel<Lane256, Vector256<double>>.Multiply(px, pw, pv, pp, Count, Q);
                else if (path == KernelPath.Vector128)
                    NttKernel<Lane128, Vector128<double>>.Multiply(px, pw, pv, pp, Count, Q);
                else
                    NttKernel<ScalarLane, double>.Multiply(px, pw, pv, pp, Count, Q);
            }
            for (int i = 0; i < Count; i++)
            {
                Int128 exact = (Int128)(long)x[i] * (long)w[i];
                Assert.Equal(0, (exact - (long)product[i]) % Q);
                Assert.True(Math.Abs(product[i]) <= 0.625 * Q, $"{x[i]} * {w[i]} gave {product[i]}");
            }
            if (path == KernelPath.Scalar)
                product.CopyTo(first, 0);
            else
                Assert.Equal(first, product);
        }
    }

    [Fact]
    public void Signed_integers_become_residues()
    {
        double[] x = [0, -0.0, 1, -1, Q - 1.0, 1.0 - Q, Q / 2, -(double)(Q / 2)];
        ulong[] expected = [0, 0, 1, Q - 1, Q - 1, 1, Q / 2, Q - Q / 2];
        foreach (KernelPath path in Paths.Supported)
        {
            ulong[] residues = new ulong[8];
            fixed (double* px = x)
            fixed (ulong* pr = residues)
            {
                if (path == KernelPath.Vector512)
                    NttKernel<Lane512, Vector512<double>>.ToResidues(px, pr, 8, Q);
                else if (path == KernelPath.Vector256)
                    NttKernel<Lane256, Vector256<double>>.ToResidues(px, pr, 8, Q);
                else if (path == KernelPath.Vector128)
                    NttKernel<Lane128, Vector128<double>>.ToResidues(px, pr, 8, Q);
                else
                    NttKernel<ScalarLane, double>.ToResidues(px, pr, 8, Q);
            }
            Assert.Equal(expected, residues);
        }
    }

    [Fact]
    public void Squares_are_transposed()
    {
        foreach (KernelPath path in Paths.Supported)
        {
            double[] square = [.. Enumerable.Range(0, 64).Select(i => (double)i)];
            fixed (double* p = square)
            {
                if (path == KernelPath.Vector512)
                    Lane512.TransposeSquare(p);
                else if (path == KernelPath.Vector256)
                    Lane256.TransposeSquare(p);
                else if (path == KernelPath.Vector128)
                    Lane128.TransposeSquare(p);
                else
                    ScalarLane.TransposeSquare(p);
            }
            for (int i = 0; i < 64; i++)
                Assert.Equal(i % 8 * 8 + i / 8, square[i]);
        }
    }
}
