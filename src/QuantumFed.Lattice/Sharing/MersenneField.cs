using System.Runtime.CompilerServices;

namespace QuantumFed.Lattice;

/// <summary>F_p for the Mersenne prime p = 2^31 - 1, elements as integers in [0, p). No branch sees an element, except where stated.</summary>
/// <remarks>2^31 = 1 (mod p), so folding the bits from 31 upwards onto the low ones, x -> (x mod 2^31) + floor(x / 2^31), keeps x modulo p.</remarks>
internal static class MersenneField
{
    internal const uint P = int.MaxValue;

    /// <summary>x mod p, for any 64-bit x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Reduce(ulong x)
    {
        // Below 2^31 + 2^33, then at most 2^31 + 4, less one p at most.
        return LiftNegative((uint)Fold(Fold(x)) - P);
    }

    /// <summary>The same modulo p: any 64-bit x to below 2^34, one below 2^63 to below 2^33.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Fold(ulong x) => (x & P) + (x >> 31);

    internal static uint Add(uint x, uint y) => LiftNegative(x + y - P);

    internal static uint Subtract(uint x, uint y) => LiftNegative(x - y);

    internal static uint Multiply(uint x, uint y) => Reduce((ulong)x * y);

    /// <summary>1/x for x in [1, p), by Fermat's little theorem; public arguments only.</summary>
    internal static uint Invert(uint x)
    {
        uint result = 1;
        for (uint exponent = P - 2; exponent != 0; exponent >>= 1, x = Multiply(x, x))
        {
            if ((exponent & 1) != 0)
                result = Multiply(result, x);
        }
        return result;
    }

    /// <summary>The integer x in (-p, p) as an element.</summary>
    internal static uint FromInt32(int x) => (uint)(x + ((x >> 31) & (int)P));

    /// <summary>Adds p to a difference in [-p, p) that is negative as a 32-bit integer.</summary>
    /// <remarks>Not <see cref="Math.Min(uint, uint)"/>, of which the compiler makes a branch in a loop.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint LiftNegative(uint difference) => difference + (P & (uint)((int)difference >> 31));

    /// <summary>The element as the integer of least absolute value.</summary>
    internal static int Centre(uint x) => (int)x - ((((int)(P >> 1) - (int)x) >> 31) & (int)P);
}
