namespace QuantumFed.Qkd;

/// <summary>GF(2^128) as polynomials over GF(2) modulo x^128 + x^7 + x^2 + x + 1; bit i of an element is the coefficient of x^i.</summary>
/// <remarks>The polynomial is AES-GCM's, the order of bits is not: GCM writes the coefficient of x^0 first, as the topmost bit of a byte. Addition is
/// exclusive or. No time depends on the operands.</remarks>
internal static class BinaryField128
{
    internal static UInt128 Multiply(UInt128 x, UInt128 y)
    {
        ulong x0 = (ulong)x, x1 = (ulong)(x >>> 64), y0 = (ulong)y, y1 = (ulong)(y >>> 64);
        return Reduce(CarrylessProduct.Multiply(x0, y0), CarrylessProduct.Multiply(x0, y1) ^ CarrylessProduct.Multiply(x1, y0), CarrylessProduct.Multiply(x1, y1));
    }

    internal static UInt128 MultiplyPortable(UInt128 x, UInt128 y)
    {
        ulong x0 = (ulong)x, x1 = (ulong)(x >>> 64), y0 = (ulong)y, y1 = (ulong)(y >>> 64);
        return Reduce(
            CarrylessProduct.MultiplyPortable(x0, y0),
            CarrylessProduct.MultiplyPortable(x0, y1) ^ CarrylessProduct.MultiplyPortable(x1, y0),
            CarrylessProduct.MultiplyPortable(x1, y1));
    }

    // low + middle x^64 + high x^128, where x^128 = x^7 + x^2 + x + 1 =: r. Times r, the high half grows by at most 7 bits, which come back once more.
    private static UInt128 Reduce(UInt128 low, UInt128 middle, UInt128 high)
    {
        low ^= middle << 64;
        high ^= middle >>> 64;
        UInt128 over = (high >>> 127) ^ (high >>> 126) ^ (high >>> 121);
        high ^= over;
        return low ^ high ^ (high << 1) ^ (high << 2) ^ (high << 7);
    }
}
