using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace QuantumFed.Lattice;

/// <summary>A prime q with q = 1 mod 2n, small enough for exact arithmetic in double precision.</summary>
/// <remarks>
/// <para>The constructor checks what the kernels' proofs assume, once; nothing below checks it again.</para>
/// <para><b>Up to 50 bits</b> because of <see cref="ILane{TVector}"/>: with q &lt; 2^50 a product of |x| &lt;= 2^52 by a constant is exact and leaves
/// |r| &lt;= 5/8 q, and three levels of a transform grow that to less than 2.3 q, and q itself to less than 2.7 q, within 4 q &lt;= 2^52. So one reduction before every
/// second pass suffices (<see cref="NttTables"/> puts them). With 51 bits two levels from q would already leave the range.
/// <b>Up to 49 bits</b> the range is 8 q, and eleven levels, n = 2048, take no reduction at all.</para>
/// </remarks>
internal sealed class Modulus
{
    /// <summary>The widest modulus whose transforms need no reduction up to n = 2048, and the one the rings of the product have.</summary>
    internal const int MaxBits = 49;

    /// <summary>The widest modulus the kernels' bounds allow.</summary>
    internal const int MaxProvedBits = 50;

    /// <summary>The largest q &lt; 2^49 with q = 1 mod 4096 that is prime: 2^49 - 28671.</summary>
    internal const ulong LargestBelow2To49 = 562949953392641;

    /// <summary>The largest prime q &lt; 2^49 with q = 1 mod 8192: 2^49 - 204799.</summary>
    internal const ulong LargestBelow2To49ForDegree4096 = 562949953216513;

    /// <summary>The next below it: 2^49 - 434175.</summary>
    internal const ulong NextBelow2To49ForDegree4096 = 562949952987137;

    private Modulus(ulong value) => Value = value;

    /// <summary>q.</summary>
    internal ulong Value { get; }

    /// <summary>The number of bits of q.</summary>
    internal int Bits => 64 - BitOperations.LeadingZeroCount(Value);

    /// <summary>How many products x w mod q, |x| &lt;= q and |w| &lt;= q/2, may be added before a reduction: the sum stays within 2^52.</summary>
    /// <remarks>Each is at most (1/2 + q 2^-55) q (see <see cref="ProductSum"/>): 15 for the largest q of 49 bits, 7 for that of 50.</remarks>
    internal int LazyProducts => (int)Math.Min(int.MaxValue, (1L << 52) / Math.Ceiling((0.5 + Value / (double)(1L << 55)) * Value));

    /// <summary>Takes q after checking size and primality.</summary>
    /// <exception cref="ArgumentOutOfRangeException">q is not an odd prime of at most 50 bits.</exception>
    internal static Modulus Create(ulong q)
    {
        return TryCreate(q, out Modulus? modulus)
            ? modulus
            : throw new ArgumentOutOfRangeException(nameof(q), q, $"The modulus must be an odd prime of at most {MaxProvedBits} bits.");
    }

    /// <summary>Takes q if it is an odd prime of at most 50 bits.</summary>
    internal static bool TryCreate(ulong q, [NotNullWhen(true)] out Modulus? modulus)
    {
        modulus = q >= 3 && q >> MaxProvedBits == 0 && IsPrime(q) ? new Modulus(q) : null;
        return modulus is not null;
    }

    /// <summary>x y mod q, for x, y in [0, q); variable time, for tables and public values.</summary>
    internal ulong Multiply(ulong x, ulong y) => (ulong)((UInt128)x * y % Value);

    /// <summary>x^exponent mod q; variable time.</summary>
    internal ulong Power(ulong x, ulong exponent)
    {
        ulong result = 1;
        for (; exponent != 0; exponent >>= 1, x = Multiply(x, x))
        {
            if ((exponent & 1) != 0)
                result = Multiply(result, x);
        }
        return result;
    }

    /// <summary>The inverse of x in [1, q), by Fermat's little theorem.</summary>
    internal ulong Invert(ulong x) => Power(x, Value - 2);

    /// <summary>The residue x in [0, q) as the integer of least absolute value, in [-(q-1)/2, (q-1)/2]. No branch sees x.</summary>
    internal long Centre(ulong x) => (long)x - ((((long)(Value >> 1) - (long)x) >> 63) & (long)Value);

    /// <summary>The integer x in (-q, q) as a residue in [0, q). No branch sees x.</summary>
    internal ulong ToResidue(long x) => (ulong)(x + ((x >> 63) & (long)Value));

    /// <summary>A primitive root of unity of the given order, a power of two that divides q - 1; always the same one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    internal ulong PrimitiveRoot(ulong order)
    {
        if (!BitOperations.IsPow2(order) || order < 2 || (Value - 1) % order != 0)
            throw new ArgumentOutOfRangeException(nameof(order), order, $"{Value} - 1 is not a multiple of it.");
        for (ulong g = 2; ; g++)
        {
            ulong root = Power(g, (Value - 1) / order);
            if (Power(root, order / 2) == Value - 1)
                return root;
        }
    }

    // Miller and Rabin with the first twelve primes as bases decides every n below 3.3 * 10^24 (Sorenson and Webster, 2015).
    private static bool IsPrime(ulong n)
    {
        ReadOnlySpan<ulong> bases = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];
        foreach (ulong b in bases)
        {
            if (n % b == 0)
                return n == b;
        }
        var modulus = new Modulus(n);
        int twos = BitOperations.TrailingZeroCount(n - 1);
        foreach (ulong b in bases)
        {
            ulong x = modulus.Power(b, (n - 1) >> twos);
            bool witness = x != 1 && x != n - 1;
            for (int i = 1; i < twos && witness; i++)
            {
                x = modulus.Multiply(x, x);
                witness = x != n - 1;
            }
            if (witness)
                return false;
        }
        return true;
    }
}
