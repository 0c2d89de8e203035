using System.Numerics;

namespace QuantumFed.Ledger;

/// <summary>
/// The curve secp256k1 (SEC 2, section 2.4.1) for public data only: recovering who signed. Not constant-time, so no secret may come
/// near it; signing is the platform's or libsecp256k1's.
/// </summary>
internal static class Secp256k1
{
    /// <summary>The order n of the group.</summary>
    public static readonly BigInteger Order = Hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141");

    /// <summary>(n - 1) / 2: the largest s of a canonical signature (EIP-2).</summary>
    public static readonly BigInteger HalfOrder = Order >> 1;

    private static readonly BigInteger P = (BigInteger.One << 256) - (BigInteger.One << 32) - 977;
    private static readonly BigInteger SquareRootExponent = (P + 1) / 4;

    private static readonly Point G = new(
        FieldElement.From(Hex("79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798")),
        FieldElement.From(Hex("483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8")),
        FieldElement.One);

    private static readonly FieldElement Seven = FieldElement.From(7);

    /// <summary>
    /// The public key (x then y, 64 bytes) that signed <paramref name="hash"/> (SEC 1, section 4.1.6); <see langword="false"/> if the
    /// signature is not canonical or no key fits it.
    /// </summary>
    public static bool TryRecover(ReadOnlySpan<byte> hash, EcdsaSignature signature, Span<byte> publicKey)
    {
        if (!signature.IsCanonical)
            return false;
        // x = r: that x was r + n, below p, has a chance of 2^-127, and Ethereum's parity bit has no room to say so.
        FieldElement x = FieldElement.From(signature.R);
        FieldElement square = x * x * x + Seven;
        FieldElement y = square.Power(SquareRootExponent);
        if (!(y * y).Equals(square))
            return false;
        if (!y.IsEven != signature.IsOdd)
            y = FieldElement.Zero - y;

        BigInteger inverse = BigInteger.ModPow(signature.R, Order - 2, Order);
        BigInteger z = new(hash, isUnsigned: true, isBigEndian: true);
        Point q = Combine(Mod(-z * inverse, Order), G, Mod(signature.S * inverse, Order), new Point(x, y, FieldElement.One));
        if (q.Z.IsZero)
            return false;
        FieldElement zInverse = q.Z.Power(P - 2);
        FieldElement zInverse2 = zInverse * zInverse;
        Write((q.X * zInverse2).ToBigInteger(), publicKey[..32]);
        Write((q.Y * zInverse2 * zInverse).ToBigInteger(), publicKey.Slice(32, 32));
        return true;
    }

    // In Jacobian coordinates (X/Z^2, Y/Z^3); Z = 0 is the point at infinity.
    private readonly record struct Point(FieldElement X, FieldElement Y, FieldElement Z);

    private static readonly Point Infinity = new(FieldElement.One, FieldElement.One, FieldElement.Zero);

    // u A + v B, both scalars walked together (Shamir's trick).
    private static Point Combine(BigInteger u, Point a, BigInteger v, Point b)
    {
        Point both = Add(a, b);
        Point sum = Infinity;
        for (int bit = 255; bit >= 0; bit--)
        {
            sum = Double(sum);
            bool inU = !((u >> bit) & 1).IsZero, inV = !((v >> bit) & 1).IsZero;
            if (inU || inV)
                sum = Add(sum, inU && inV ? both : inU ? a : b);
        }
        return sum;
    }

    // dbl-2009-l (a = 0).
    private static Point Double(Point p)
    {
        if (p.Z.IsZero)
            return p;
        FieldElement a = p.X * p.X, b = p.Y * p.Y, c = b * b;
        FieldElement xb = p.X + b;
        FieldElement d = Twice(xb * xb - a - c);
        FieldElement e = a + a + a;
        FieldElement x = e * e - Twice(d);
        return new Point(x, e * (d - x) - Twice(Twice(Twice(c))), Twice(p.Y * p.Z));
    }

    // add-1998-cmo-2.
    private static Point Add(Point p, Point q)
    {
        if (p.Z.IsZero)
            return q;
        if (q.Z.IsZero)
            return p;
        FieldElement pz2 = p.Z * p.Z, qz2 = q.Z * q.Z;
        FieldElement u1 = p.X * qz2, u2 = q.X * pz2;
        FieldElement s1 = p.Y * q.Z * qz2, s2 = q.Y * p.Z * pz2;
        FieldElement h = u2 - u1, r = s2 - s1;
        if (h.IsZero)
            return r.IsZero ? Double(p) : Infinity;
        FieldElement h2 = h * h, h3 = h2 * h, u1h2 = u1 * h2;
        FieldElement x = r * r - h3 - Twice(u1h2);
        return new Point(x, r * (u1h2 - x) - s1 * h3, h * p.Z * q.Z);
    }

    private static FieldElement Twice(FieldElement value) => value + value;

    private static BigInteger Mod(BigInteger value, BigInteger modulus)
    {
        BigInteger rest = value % modulus;
        return rest.Sign < 0 ? rest + modulus : rest;
    }

    private static BigInteger Hex(string digits) => new(Convert.FromHexString(digits), isUnsigned: true, isBigEndian: true);

    private static void Write(BigInteger value, Span<byte> destination)
    {
        destination.Clear();
        int length = value.GetByteCount(isUnsigned: true);
        _ = value.TryWriteBytes(destination[(32 - length)..], out _, isUnsigned: true, isBigEndian: true);
    }
}
