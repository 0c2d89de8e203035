using System.Numerics;

namespace QuantumFed.Ledger.Tests;

public sealed class FieldElementTests
{
    private static readonly BigInteger P = (BigInteger.One << 256) - (BigInteger.One << 32) - 977;

    // Where carries, borrows and the fold at 2^256 happen.
    private static readonly BigInteger[] Edges =
    [
        0, 1, 2, 976, 977, 978, (BigInteger.One << 32) + 976, (BigInteger.One << 32) + 977, ulong.MaxValue, (BigInteger)ulong.MaxValue + 1,
        (BigInteger.One << 128) - 1, BigInteger.One << 128, (BigInteger.One << 192) - 1, BigInteger.One << 192, (BigInteger.One << 255) - 1, BigInteger.One << 255,
        P / 2, P / 2 + 1, P - (BigInteger.One << 64), P - (BigInteger.One << 33), P - 978, P - 977, P - 2, P - 1,
    ];

    [Fact]
    public void Sums_differences_and_products_are_those_of_integers_modulo_p()
    {
        Random random = new(20260);
        BigInteger Draw()
        {
            byte[] bytes = new byte[32];
            random.NextBytes(bytes);
            return new BigInteger(bytes, isUnsigned: true) % P;
        }
        BigInteger[] values = [.. Edges, .. Enumerable.Range(0, 60).Select(_ => Draw())];
        foreach (BigInteger a in values)
        {
            foreach (BigInteger b in values)
            {
                FieldElement x = FieldElement.From(a), y = FieldElement.From(b);
                Assert.Equal((a + b) % P, (x + y).ToBigInteger());
                Assert.Equal((a - b + P) % P, (x - y).ToBigInteger());
                Assert.Equal(a * b % P, (x * y).ToBigInteger());
                Assert.Equal(a == b, x.Equals(y));
            }
        }
    }

    [Fact]
    public void Integers_from_p_on_are_reduced()
    {
        for (BigInteger value = P - 3; value < P + 5; value++)
            Assert.Equal(value % P, FieldElement.From(value).ToBigInteger());
        Assert.Equal(((BigInteger.One << 256) - 1) % P, FieldElement.From((BigInteger.One << 256) - 1).ToBigInteger());
    }

    [Fact]
    public void Powers_are_those_of_integers_modulo_p()
    {
        foreach (BigInteger a in Edges)
        {
            foreach (BigInteger exponent in (BigInteger[])[0, 1, 2, 3, 65537, (P + 1) / 4, P - 2])
                Assert.Equal(BigInteger.ModPow(a, exponent, P), FieldElement.From(a).Power(exponent).ToBigInteger());
        }
    }
}
