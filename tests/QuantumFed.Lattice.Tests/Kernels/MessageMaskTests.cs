using System.Numerics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

[Trait("Runs", "OnEveryPath")]
public sealed class MessageMaskTests
{
    private const ulong Q = Modulus.LargestBelow2To49;

    [Theory]
    [InlineData(10, 16)]
    [InlineData(100_000, 12)]
    [InlineData(2, 1)]
    public void A_mask_is_applied_and_removed_as_big_integers_say(int parties, int bits)
    {
        KaheParameters parameters = KaheParameters.Create(parties, bits);
        int width = parameters.PlaintextBits, bound = parameters.NoiseBound;
        using RandomStream random = RandomStream.FromSeed([40], "test");
        for (int length = 0; length <= 130; length++)
        {
            ulong[] product = new ulong[length], message = new ulong[length];
            int[] errors = new int[length];
            for (int i = 0; i < length; i++)
            {
                product[i] = (i % 4) switch { 0 => 0, 1 => Q - 1, _ => random.NextUInt64() % Q };
                message[i] = (i % 3) switch { 0 => 0, 1 => (1UL << width) - 1, _ => random.NextUInt64() >> (64 - width) };
                errors[i] = (i % 5) switch { 0 => -bound, 1 => bound, 2 => 0, _ => random.NextInt32(2 * bound + 1) - bound };
            }
            ulong[] expected = [.. product.Select((p, i) =>
            {
                BigInteger sum = (p + ((BigInteger)errors[i] << width) + message[i]) % Q;
                return (ulong)(sum.Sign < 0 ? sum + Q : sum);
            })];
            foreach (KernelPath path in Paths.Supported)
            {
                ulong[] masked = [.. product];
                MessageMask.Apply(path, masked, errors, message, width, Q);
                Assert.Equal(expected, masked);
                ulong[] bare = [.. product];
                long largest = MessageMask.Remove(path, masked, bare, width, Q);
                Assert.Equal(message, bare);
                Assert.Equal(errors.Select(Math.Abs).DefaultIfEmpty(0).Max(), largest);
            }
        }
    }

    [Fact]
    public void An_error_beyond_every_bound_is_seen_wherever_it_is()
    {
        int width = KaheParameters.Create(10, 16).PlaintextBits;
        for (int place = 0; place < 20; place++)
        {
            foreach (KernelPath path in Paths.Supported)
            {
                ulong[] sum = new ulong[20], product = new ulong[20];
                sum[place] = Q / 2;
                Assert.Equal((long)(Q / 2) >> width, MessageMask.Remove(path, sum, product, width, Q));
                Array.Clear(product);
                sum[place] = Q / 2 + 1;
                Assert.Equal(Math.Abs(-(long)(Q / 2) >> width), MessageMask.Remove(path, sum, product, width, Q));
            }
        }
    }
}
