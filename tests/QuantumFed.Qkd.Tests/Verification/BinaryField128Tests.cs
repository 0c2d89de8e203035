using System.Numerics;
using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

[Trait("Runs", "OnEveryPath")]
public sealed class BinaryField128Tests
{
    private static readonly UInt128[] s_edges =
        [0, 1, 2, 3, 0x87, UInt128.One << 63, UInt128.One << 64, UInt128.One << 127, UInt128.MaxValue, ulong.MaxValue, UInt128.MaxValue << 64];

    [Fact]
    public void Product_is_the_schoolbook_product_on_both_paths()
    {
        using RandomStream random = RandomStream.FromSeed("field"u8, "field");
        UInt128[] values = [.. s_edges, .. Enumerable.Range(0, 60).Select(_ => Draw(random))];
        foreach (UInt128 x in values)
        {
            foreach (UInt128 y in values)
            {
                UInt128 expected = Slow(x, y);
                Assert.Equal(expected, BinaryField128.Multiply(x, y));
                Assert.Equal(expected, BinaryField128.MultiplyPortable(x, y));
            }
        }
    }

    [Fact]
    public void Word_product_is_the_schoolbook_product_on_both_paths()
    {
        using RandomStream random = RandomStream.FromSeed("words"u8, "field");
        for (int run = 0; run < 5000; run++)
        {
            ulong x = run == 0 ? ulong.MaxValue : random.NextUInt64(), y = run < 2 ? ulong.MaxValue : random.NextUInt64();
            UInt128 expected = 0;
            for (int i = 0; i < 64; i++)
                expected ^= (x >> i & 1) == 0 ? 0 : (UInt128)y << i;
            Assert.Equal(expected, CarrylessProduct.Multiply(x, y));
            Assert.Equal(expected, CarrylessProduct.MultiplyPortable(x, y));
        }
    }

    [Fact]
    public void Products_are_associative_and_distribute()
    {
        using RandomStream random = RandomStream.FromSeed("laws"u8, "field");
        for (int run = 0; run < 200; run++)
        {
            UInt128 x = Draw(random), y = Draw(random), z = Draw(random);
            Assert.Equal(BinaryField128.Multiply(BinaryField128.Multiply(x, y), z), BinaryField128.Multiply(x, BinaryField128.Multiply(y, z)));
            Assert.Equal(BinaryField128.Multiply(x, y) ^ BinaryField128.Multiply(x, z), BinaryField128.Multiply(x, y ^ z));
        }
    }

    // The polynomial is irreducible if and only if squaring 128 times is the identity and 64 times is not.
    [Fact]
    public void Squaring_128_times_is_the_identity()
    {
        UInt128 x = 2;
        for (int i = 0; i < 128; i++)
        {
            x = BinaryField128.Multiply(x, x);
            if (i == 63)
                Assert.NotEqual((UInt128)2, x);
        }

        Assert.Equal((UInt128)2, x);
    }

    internal static UInt128 Slow(UInt128 x, UInt128 y)
    {
        BigInteger product = 0;
        for (int i = 0; i < 128; i++)
        {
            if ((y >> i & 1) != 0)
                product ^= (BigInteger)x << i;
        }

        BigInteger polynomial = (BigInteger.One << 128) | 0x87;
        for (int i = 255; i >= 128; i--)
        {
            if (!((product >> i) & 1).IsZero)
                product ^= polynomial << (i - 128);
        }

        return (UInt128)product;
    }

    private static UInt128 Draw(RandomStream random) => new(random.NextUInt64(), random.NextUInt64());
}
