using System.Numerics;

namespace QuantumFed.Ledger;

/// <summary>
/// An integer modulo p = 2^256 - 2^32 - 977, the field of <see cref="Secp256k1"/>, always below p; four 64-bit limbs, the lowest first. For public
/// data only: its time depends on the values.
/// </summary>
internal readonly struct FieldElement : IEquatable<FieldElement>
{
    /// <summary>2^256 - p: what a carry out of the top limb is worth.</summary>
    private const ulong Fold = 0x1_0000_03D1;

    private readonly ulong _0, _1, _2, _3;

    private FieldElement(ulong l0, ulong l1, ulong l2, ulong l3) => (_0, _1, _2, _3) = (l0, l1, l2, l3);

    public static FieldElement Zero => default;

    public static FieldElement One { get; } = new(1, 0, 0, 0);

    public bool IsZero => (_0 | _1 | _2 | _3) == 0;

    public bool IsEven => (_0 & 1) == 0;

    /// <summary>The element of an integer of at most 256 bits.</summary>
    public static FieldElement From(BigInteger value)
    {
        ulong Limb(int i) => (ulong)((value >> (64 * i)) & ulong.MaxValue);
        return Reduce(Limb(0), Limb(1), Limb(2), Limb(3));
    }

    /// <summary>The integer from 0 to p - 1.</summary>
    public BigInteger ToBigInteger() => (((((BigInteger)_3 << 64) + _2 << 64) + _1) << 64) + _0;

    public static FieldElement operator +(FieldElement a, FieldElement b)
    {
        UInt128 sum = (UInt128)a._0 + b._0;
        ulong l0 = (ulong)sum;
        sum = (sum >> 64) + a._1 + b._1;
        ulong l1 = (ulong)sum;
        sum = (sum >> 64) + a._2 + b._2;
        ulong l2 = (ulong)sum;
        sum = (sum >> 64) + a._3 + b._3;
        // Both are below p, so the sum less 2^256, if it is beyond, is below 2^256 - 2 Fold: adding Fold carries no further.
        return sum >> 64 == 0 ? Reduce(l0, l1, l2, (ulong)sum) : AddSmall(l0, l1, l2, (ulong)sum, Fold);
    }

    public static FieldElement operator -(FieldElement a, FieldElement b)
    {
        ulong l0 = Borrow(a._0, b._0, 0, out ulong borrow), l1 = Borrow(a._1, b._1, borrow, out borrow);
        ulong l2 = Borrow(a._2, b._2, borrow, out borrow), l3 = Borrow(a._3, b._3, borrow, out borrow);
        if (borrow == 0)
            return new FieldElement(l0, l1, l2, l3);
        // Adding p to what wrapped round 2^256 is taking Fold away.
        l0 = Borrow(l0, Fold, 0, out borrow);
        l1 = Borrow(l1, 0, borrow, out borrow);
        l2 = Borrow(l2, 0, borrow, out borrow);
        return new FieldElement(l0, l1, l2, Borrow(l3, 0, borrow, out _));
    }

    public static FieldElement operator *(FieldElement a, FieldElement b)
    {
        Span<ulong> x = [a._0, a._1, a._2, a._3], y = [b._0, b._1, b._2, b._3];
        Span<ulong> product = stackalloc ulong[8];
        product.Clear();
        for (int i = 0; i < 4; i++)
        {
            ulong carry = 0;
            for (int j = 0; j < 4; j++)
            {
                // (2^64 - 1)^2 + 2 (2^64 - 1) = 2^128 - 1: it fits.
                UInt128 term = (UInt128)x[i] * y[j] + product[i + j] + carry;
                product[i + j] = (ulong)term;
                carry = (ulong)(term >> 64);
            }
            product[i + 4] = carry;
        }
        // high 2^256 + low = high Fold + low; Fold has 33 bits, so the carry out of that has at most 34.
        UInt128 sum = (UInt128)product[4] * Fold + product[0];
        ulong l0 = (ulong)sum;
        sum = (UInt128)product[5] * Fold + product[1] + (ulong)(sum >> 64);
        ulong l1 = (ulong)sum;
        sum = (UInt128)product[6] * Fold + product[2] + (ulong)(sum >> 64);
        ulong l2 = (ulong)sum;
        sum = (UInt128)product[7] * Fold + product[3] + (ulong)(sum >> 64);
        return AddSmall(l0, l1, l2, (ulong)sum, (sum >> 64) * Fold);
    }

    /// <summary>This to a power; the exponent is not negative.</summary>
    public FieldElement Power(BigInteger exponent)
    {
        FieldElement power = One;
        for (int bit = (int)exponent.GetBitLength() - 1; bit >= 0; bit--)
        {
            power *= power;
            if (!((exponent >> bit) & 1).IsZero)
                power *= this;
        }
        return power;
    }

    public bool Equals(FieldElement other) => ((_0 ^ other._0) | (_1 ^ other._1) | (_2 ^ other._2) | (_3 ^ other._3)) == 0;

    public override bool Equals(object? obj) => obj is FieldElement other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_0, _1, _2, _3);

    // value + small, for a small below 2^68: a carry out leaves less than 2^68, and Fold more of that carries no further.
    private static FieldElement AddSmall(ulong l0, ulong l1, ulong l2, ulong l3, UInt128 small)
    {
        UInt128 sum = (UInt128)l0 + (ulong)small;
        l0 = (ulong)sum;
        sum = (sum >> 64) + l1 + (small >> 64);
        l1 = (ulong)sum;
        sum = (sum >> 64) + l2;
        l2 = (ulong)sum;
        sum = (sum >> 64) + l3;
        return sum >> 64 == 0 ? Reduce(l0, l1, l2, (ulong)sum) : AddSmall(l0, l1, l2, (ulong)sum, Fold);
    }

    // From below 2^256 to below p: at least p exactly if adding Fold carries out of the top.
    private static FieldElement Reduce(ulong l0, ulong l1, ulong l2, ulong l3)
    {
        if (l3 != ulong.MaxValue || l2 != ulong.MaxValue || l1 != ulong.MaxValue || l0 < unchecked(0 - Fold))
            return new FieldElement(l0, l1, l2, l3);
        return new FieldElement(unchecked(l0 + Fold), 0, 0, 0);
    }

    private static ulong Borrow(ulong a, ulong b, ulong before, out ulong borrow)
    {
        UInt128 difference = unchecked((UInt128)a - b - before);
        borrow = (ulong)(difference >> 64) & 1;
        return (ulong)difference;
    }
}
