using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

public sealed class KeystreamStatisticsTests
{
    private const int Normal = 1 << 22, Long = 1 << 26;

    [Fact]
    public void Keystreams_are_random_bytes()
    {
        using RandomStream random = RandomStream.FromSeed([8], "statistics");
        ByteBattery.Judge(Draw(random, Normal)).RequireAccepted("AES-256-CTR, seeded");
    }

    [Fact]
    public void Keystreams_under_keys_of_the_operating_system_are_random_bytes()
    {
        LongTest.Require();
        using RandomStream random = RandomStream.FromOperatingSystem();
        ByteBattery.Judge(Draw(random, Long)).RequireAccepted("AES-256-CTR");
    }

    [Fact]
    public void First_bytes_under_many_keys_are_random_bytes()
    {
        // What a key derivation could get wrong: each stream gives its first block only.
        byte[] bytes = new byte[RunLength.Choose(1 << 18, 1 << 22)];
        for (int i = 0; i < bytes.Length; i += 16)
        {
            using RandomStream random = RandomStream.FromSeed(BitConverter.GetBytes(i), "statistics");
            random.Fill(bytes.AsSpan(i, 16));
        }
        ByteBattery.Judge(bytes).RequireAccepted("first blocks of seeded streams");
    }

    [Theory]
    [InlineData("one bit of a block in 17 of 32 cases")]
    [InlineData("a counter that stands still once in 64 blocks")]
    [InlineData("eight lanes under one counter")]
    [InlineData("a byte that is never 255")]
    public void A_biased_stream_is_rejected(string bias)
    {
        using RandomStream random = RandomStream.FromSeed([9], "statistics");
        byte[] bytes = Draw(random, Normal);
        for (int i = 128; i + 16 <= bytes.Length; i += 16)
        {
            switch (bias)
            {
                case "one bit of a block in 17 of 32 cases" when random.NextInt32(16) == 0:
                    bytes[i + 5] |= 1 << 3;
                    break;
                case "a counter that stands still once in 64 blocks" when i % (64 * 16) == 0:
                    bytes.AsSpan(i - 16, 16).CopyTo(bytes.AsSpan(i));
                    break;
                case "eight lanes under one counter" when i / 128 % 32 == 0 && i % 128 != 0:
                    bytes.AsSpan(i - 16, 16).CopyTo(bytes.AsSpan(i));
                    break;
                case "a byte that is never 255":
                    bytes.AsSpan(i, 16).Replace((byte)255, (byte)254);
                    break;
            }
        }
        ByteBattery.Judge(bytes).RequireRejected(bias);
    }

    private static byte[] Draw(RandomStream random, int count)
    {
        byte[] bytes = new byte[count];
        random.Fill(bytes);
        return bytes;
    }
}
