using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>Rounds of random shape: whoever takes part, whatever the values, the decrypted sum is the sum, bit for bit.</summary>
public sealed class ExactSumTests
{
    private static readonly int[] s_parties = [2, 3, 4, 7, 10, 16, 50, 100, 1000, 100_000];

    [Fact]
    public void Decrypted_sums_are_the_plain_sums()
    {
        int rounds = RunLength.Choose(60, 5000);
        using RandomStream random = RunLength.Stream("exact sums");
        for (int i = 0; i < rounds; i++)
        {
            KaheParameters parameters = Parameters(random);
            int members = 1 + random.NextInt32(Math.Min(parameters.Parties, 12));
            int[] present = Present(members, random);
            int valueCount = ValueCount(parameters, random);
            bool opensByShares = random.NextInt32(8) == 0;
            string round = $"Round {i} ({RunLength.SeedText}): {parameters}, {present.Length} of {members} members, {valueCount} values";
            Run(parameters, members, present, valueCount, opensByShares, random, round);
        }
    }

    private static void Run(KaheParameters parameters, int members, int[] present, int valueCount, bool opensByShares, RandomStream random, string round)
    {
        byte[] seed = new byte[PublicElements.SeedSizeInBytes];
        random.Fill(seed);
        int blocks = parameters.BlocksFor(valueCount);
        PublicElements elements = PublicElements.Expand(parameters, seed, blocks);
        ulong[] expected = new ulong[valueCount];
        var keys = new List<KaheSecretKey>();
        KaheAccumulator accumulator = KaheAccumulator.Create(parameters, blocks);
        for (int member = 0; member < members; member++)
        {
            uint[] values = Values(parameters, valueCount, random);
            KaheSecretKey key = KaheSecretKey.Generate(parameters.Set, random);
            KaheCiphertext sent = Kahe.Encrypt(parameters, key, elements, values, random);
            // Whoever drops out has encrypted, but nothing of it is summed.
            if (!present.Contains(member))
            {
                key.Dispose();
                continue;
            }
            Assert.True(KaheCiphertext.TryParse(parameters, blocks, sent.Bytes.Span, out KaheCiphertext? received), round);
            accumulator.Add(received);
            keys.Add(key);
            for (int i = 0; i < valueCount; i++)
                expected[i] += values[i];
        }

        KeySum keySum = opensByShares ? OpenByShares(parameters, keys, random) : Open(parameters, keys);
        keys.ForEach(key => key.Dispose());
        Assert.True(KaheDecryption.TryDecryptSum(
            parameters, elements, accumulator.ToSum(), keySum, present.Length, valueCount, out ulong[]? sums, out string? failure), $"{round}: {failure}");
        Assert.True(expected.AsSpan().SequenceEqual(sums), $"{round}: the sums differ from place {expected.AsSpan().CommonPrefixLength(sums)} on");
    }

    private static KaheParameters Parameters(RandomStream random)
    {
        while (true)
        {
            KaheParameterSet set = KaheParameterSet.All[random.NextInt32(KaheParameterSet.All.Count)];
            int parties = s_parties[random.NextInt32(s_parties.Length)], bits = 1 + random.NextInt32(KaheParameters.MaxBitsPerValue);
            // Not every width of values fits for more parties.
            if (parties <= 100 || bits <= 16)
                return KaheParameters.Create(set, parties, bits);
        }
    }

    /// <summary>A set of the members that is not empty, in random order.</summary>
    private static int[] Present(int members, RandomStream random)
    {
        int[] order = [.. Enumerable.Range(0, members)];
        random.Shuffle(order.AsSpan());
        return order[..(1 + random.NextInt32(members))];
    }

    private static int ValueCount(KaheParameters parameters, RandomStream random) => random.NextInt32(4) switch
    {
        0 => 1 + random.NextInt32(40),
        1 => parameters.ValuesPerBlock,
        2 => parameters.ValuesPerBlock + 1,
        _ => 1 + random.NextInt32(2 * parameters.ValuesPerBlock),
    };

    private static uint[] Values(KaheParameters parameters, int count, RandomStream random)
    {
        uint max = (uint)parameters.MaxValue;
        int kind = random.NextInt32(4);
        uint[] values = new uint[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = kind switch
            {
                0 => max,
                1 => 0,
                2 => random.NextInt32(2) == 0 ? max : 0,
                _ => (uint)random.NextUInt64() & max,
            };
        }
        return values;
    }

    private static KeySum Open(KaheParameters parameters, List<KaheSecretKey> keys)
    {
        int[] sum = new int[parameters.RingDegree];
        foreach (KaheSecretKey key in keys)
        {
            for (int i = 0; i < sum.Length; i++)
                sum[i] += key.Coefficients[i];
        }
        Assert.True(KeySum.TryCreate(parameters, keys.Count, sum, out KeySum? keySum));
        return keySum;
    }

    private static KeySum OpenByShares(KaheParameters parameters, List<KaheSecretKey> keys, RandomStream random)
    {
        int committee = 1 + random.NextInt32(10);
        SharingParameters sharing = SharingParameters.Create(committee, 1 + random.NextInt32(committee));
        List<DealtShares> dealt = [.. keys.Select(key => SecretSharing.Deal(parameters.Set, key.Coefficients, sharing, random))];
        int[] receivers = [.. Enumerable.Range(1, committee)];
        random.Shuffle(receivers.AsSpan());
        Dictionary<int, ShareSum> sums = receivers[..sharing.Threshold].ToDictionary(j => j, j => ShareSum.Of(dealt.Select(shares => shares[j])));
        Assert.True(KeySumCombiner.TryCombine(parameters, sharing, keys.Count, sums, out KeySum? keySum));
        dealt.ForEach(shares => shares.Dispose());
        return keySum;
    }
}
