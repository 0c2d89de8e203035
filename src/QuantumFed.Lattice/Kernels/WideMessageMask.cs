using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace QuantumFed.Lattice;

/// <summary>What covers a message of two words a coefficient modulo one prime of a larger q. No branch sees a coefficient.</summary>
/// <remarks>A message M = low + 2^k high is covered modulo each prime p: product + T e + low + 2^k high (mod p), with the constants T mod p and 2^k mod p.
/// Words fold to residues as in <see cref="LazySum"/>; the two products are those of <see cref="ILane{TVector}"/>, in absolute value at most 5/8 p for
/// a centred constant and |x| &lt;= 2^52. With product and low in [0, p), the sum is in (-5/4 p, 13/4 p), an integer below 2^52, so that one
/// multiplication by 1 reduces it.</remarks>
internal sealed unsafe class WideMessageMask
{
    private readonly ulong _p;
    private readonly double _t;
    private readonly double _highUnit;

    /// <summary>The constants for one prime.</summary>
    /// <param name="prime">The prime, one that <see cref="LazySum.Suits"/>.</param>
    /// <param name="plaintextBits">log2 T.</param>
    /// <param name="lowBits">k: the bits of the low word, at most 64.</param>
    internal WideMessageMask(Modulus prime, int plaintextBits, int lowBits)
    {
        _p = prime.Value;
        _t = prime.Centre(prime.Power(2, (ulong)plaintextBits));
        _highUnit = prime.Centre(prime.Power(2, (ulong)lowBits));
    }

    /// <summary>product[i] = product[i] + T errors[i] + low[i] + 2^k high[i] mod p, for product[i] in [0, p) and |errors[i]| &lt;= 42.</summary>
    [MethodImpl(KernelMethod.Options)]
    internal void Apply(KernelPath path, Span<ulong> product, ReadOnlySpan<int> errors, ReadOnlySpan<ulong> low, ReadOnlySpan<ulong> high)
    {
        if (product.Length != errors.Length || product.Length != low.Length || product.Length != high.Length)
            throw new ArgumentException("The spans differ in length.");
        double q = _p, t = _t, tOverQ = t / q, unit = _highUnit, unitOverQ = unit / q, inverse = 1 / q;
        fixed (ulong* p = product, l = low, h = high)
        fixed (int* e = errors)
        {
            int i = 0;
            if (path == KernelPath.Vector512)
            {
                Vector512<double> modulus = Vector512.Create(q);
                for (; i + 8 <= product.Length; i += 8)
                {
                    Vector512<double> error = Avx512F.ConvertToVector512Double(Vector256.Load(e + i));
                    Vector512<double> sum = Lane512.MultiplyMod(error, Vector512.Create(t), Vector512.Create(tOverQ), modulus)
                        + Lane512.MultiplyMod(Vector512.ConvertToDouble(LazySum.Reduce(Vector512.Load(h + i), _p).AsInt64()), Vector512.Create(unit), Vector512.Create(unitOverQ), modulus)
                        + Vector512.ConvertToDouble(LazySum.Reduce(Vector512.Load(l + i), _p).AsInt64()) + Vector512.ConvertToDouble(Vector512.Load(p + i).AsInt64());
                    Lane512.StoreResidues(Lane512.MultiplyMod(sum, Vector512<double>.One, Vector512.Create(inverse), modulus), _p, p + i);
                }
            }
            for (; i < product.Length; i++)
            {
                double sum = ScalarLane.MultiplyMod(e[i], t, tOverQ, q) + ScalarLane.MultiplyMod((long)LazySum.Reduce(h[i], _p), unit, unitOverQ, q) + (long)LazySum.Reduce(l[i], _p) + (long)p[i];
                ScalarLane.StoreResidues(ScalarLane.MultiplyMod(sum, 1, inverse, q), _p, p + i);
            }
        }
    }
}
