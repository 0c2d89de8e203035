using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace QuantumFed.Qkd;

/// <summary>Products of polynomials over GF(2): bit i of a word is the coefficient of x^i. No time depends on the operands.</summary>
internal static class CarrylessProduct
{
    /// <summary>Whether this processor multiplies by one instruction.</summary>
    internal static bool IsHardwareAccelerated => Pclmulqdq.IsSupported;

    /// <summary>The 128-bit product of two words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static UInt128 Multiply(ulong x, ulong y)
    {
        if (!Pclmulqdq.IsSupported)
            return MultiplyPortable(x, y);
        Vector128<ulong> product = Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(x), Vector128.CreateScalar(y), 0x00);
        return new UInt128(product[1], product[0]);
    }

    /// <summary>The same by integer multiplication, which takes constant time on the processors .NET runs on.</summary>
    internal static UInt128 MultiplyPortable(ulong x, ulong y) =>
        // The product of the reversed words is the reversed product, one place lower.
        new(Reverse(LowHalf(Reverse(x), Reverse(y))) >>> 1, LowHalf(x, y));

    // Every fourth bit of each word (Pornin, BearSSL, "ctmul64"): at most 16 ones meet in one place of a product, 15 in any place whose carry
    // could matter: the sum of one place fills 4 bits, except in the topmost nibble, whose carry leaves the word. Bit 0 of each nibble is the sum mod 2.
    private static ulong LowHalf(ulong x, ulong y)
    {
        const ulong M0 = 0x1111111111111111, M1 = M0 << 1, M2 = M0 << 2, M3 = M0 << 3;
        ulong x0 = x & M0, x1 = x & M1, x2 = x & M2, x3 = x & M3;
        ulong y0 = y & M0, y1 = y & M1, y2 = y & M2, y3 = y & M3;
        ulong z0 = (x0 * y0) ^ (x1 * y3) ^ (x2 * y2) ^ (x3 * y1);
        ulong z1 = (x0 * y1) ^ (x1 * y0) ^ (x2 * y3) ^ (x3 * y2);
        ulong z2 = (x0 * y2) ^ (x1 * y1) ^ (x2 * y0) ^ (x3 * y3);
        ulong z3 = (x0 * y3) ^ (x1 * y2) ^ (x2 * y1) ^ (x3 * y0);
        return (z0 & M0) | (z1 & M1) | (z2 & M2) | (z3 & M3);
    }

    private static ulong Reverse(ulong x)
    {
        x = ((x >>> 1) & 0x5555555555555555) | ((x & 0x5555555555555555) << 1);
        x = ((x >>> 2) & 0x3333333333333333) | ((x & 0x3333333333333333) << 2);
        x = ((x >>> 4) & 0x0F0F0F0F0F0F0F0F) | ((x & 0x0F0F0F0F0F0F0F0F) << 4);
        return BinaryPrimitives.ReverseEndianness(x);
    }
}
