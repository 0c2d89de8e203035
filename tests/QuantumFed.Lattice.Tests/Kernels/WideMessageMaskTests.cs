using System.Numerics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

[Trait("Runs", "OnEveryPath")]
public sealed class WideMessageMaskTests
{
    [Theory]
    [InlineData(80, 60)]
    [InlineData(88, 44)]
    [InlineData(69, 46)]
    [InlineData(49, 49)]
    [InlineData(90, 64)]
    public void Every_width_masks_as_integers_do(int plaintextBits, int lowBits)
    {
        using RandomStream random = RandomStream.FromSeed([10], "test");
        foreach (NegacyclicRing ring in KaheParameterSet.Kahe4096.Rings)
        {
            ulong p = ring.Modulus.Value;
            var mask = new WideMessageMask(ring.Modulus, plaintextBits, lowBits);
            for (int length = 0; length <= 130; length++)
            {
                ulong[] product = Words(random, length, p - 1), low = Words(random, length, lowBits == 64 ? ulong.MaxValue : (1UL << lowBits) - 1);
                ulong[] high = Words(random, length, plaintextBits == lowBits ? 0 : (1UL << (plaintextBits - lowBits)) - 1);
                int[] errors = [.. Enumerable.Range(0, length).Select(i => i % 5 == 0 ? 42 : i % 5 == 1 ? -42 : random.NextInt32(85) - 42)];
                ulong[] expected = [.. Enumerable.Range(0, length).Select(i =>
                {
                    BigInteger sum = product[i] + (BigInteger.One << plaintextBits) * errors[i] + low[i] + ((BigInteger)high[i] << lowBits);
                    return (ulong)((sum % p + p) % p);
                })];
                foreach (KernelPath path in Paths.Supported)
                {
                    ulong[] masked = (ulong[])product.Clone();
                    mask.Apply(path, masked, errors, low, high);
                    Assert.Equal(expected, masked);
                }
            }
        }
    }

    private static ulong[] Words(RandomStream random, int length, ulong largest)
    {
        ulong[] words = new ulong[length];
        for (int i = 0; i < length; i++)
            words[i] = random.NextInt32(3) switch { 0 => largest, 1 => 0, _ => largest == ulong.MaxValue ? random.NextUInt64() : random.NextUInt64() % (largest + 1) };
        return words;
    }
}
