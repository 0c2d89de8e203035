using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>Every packing that <see cref="KaheParameters"/> derives, at its ends: all lanes full, all errors at the bound, and one beyond it.</summary>
[Trait("Runs", "OnEveryPath")]
public sealed class PackingExtremeTests
{
    private static readonly int[] s_parties = [2, 3, 4, 10, 16, 50, 100, 255, 1000];

    public static TheoryData<int> Parties => [.. s_parties];

    [Theory]
    [MemberData(nameof(Parties))]
    public void Full_lanes_and_errors_at_the_bound_decrypt_exactly_and_one_beyond_is_refused(int parties)
    {
        using RandomStream random = RunLength.Stream($"packing extremes {parties}");
        List<KaheParameters> fitting = Fitting(parties);
        Assert.InRange(fitting.Count, 26 + KaheParameters.MaxBitsPerValue, 2 * KaheParameters.MaxBitsPerValue);
        foreach (KaheParameters parameters in fitting)
        {
            PackingExtreme extreme = PackingExtreme.Create(parameters, random);
            int bound = parameters.NoiseBound;
            foreach ((int even, int odd) in (ReadOnlySpan<(int, int)>)[(bound, bound), (-bound, -bound), (bound, -bound), (0, bound)])
            {
                extreme.FillErrors(even, odd);
                Assert.Equal(extreme.FullSums(), extreme.Decrypt(parties));
                // A reserved coefficient, the count, the first and last values, any other.
                foreach (int place in (ReadOnlySpan<int>)[0, 16, 17, parameters.RingDegree - 1, 17 + random.NextInt32(parameters.RingDegree - 17)])
                {
                    int error = extreme.Errors[place];
                    extreme.Errors[place] = random.NextInt32(2) == 0 ? bound + 1 : -bound - 1;
                    Assert.Contains($"residual error of {bound + 1} ", extreme.Refusal(parties));
                    extreme.Errors[place] = error;
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Parties))]
    public void A_lane_one_beyond_full_is_refused(int parties)
    {
        using RandomStream random = RunLength.Stream($"lanes {parties}");
        foreach (KaheParameters parameters in Fitting(parties))
        {
            PackingExtreme extreme = PackingExtreme.Create(parameters, random);
            extreme.FillErrors(parameters.NoiseBound, -parameters.NoiseBound);
            ulong full = (ulong)parties * parameters.MaxValue;
            // Where the lane has no value to spare, one more would be a carry, which is another law's business.
            if (full + 1 >> parameters.LaneWidth != 0)
                continue;
            int lane = random.NextInt32(parameters.Lanes), place = 17 + random.NextInt32(parameters.RingDegree - 17);
            extreme.Message[place] += UInt128.One << (lane * parameters.LaneWidth);
            Assert.Contains($"lane {(place - 17) * parameters.Lanes + lane} holds {full + 1},", extreme.Refusal(parties));
        }
    }

    [Theory]
    [MemberData(nameof(Parties))]
    public void Members_who_all_send_the_largest_values_sum_exactly(int parties)
    {
        if (parties > 50)
            LongTest.Require();
        using RandomStream random = RunLength.Stream($"full members {parties}");
        foreach (KaheParameters parameters in Fitting(parties))
        {
            PublicElements elements = PublicElements.Expand(parameters, new byte[PublicElements.SeedSizeInBytes], 1);
            uint[] values = new uint[parameters.ValuesPerBlock];
            values.AsSpan().Fill((uint)parameters.MaxValue);
            int[] secrets = new int[parameters.RingDegree];
            KaheAccumulator accumulator = KaheAccumulator.Create(parameters, 1);
            for (int member = 0; member < parties; member++)
            {
                using KaheSecretKey key = KaheSecretKey.Generate(parameters.Set, random);
                for (int i = 0; i < secrets.Length; i++)
                    secrets[i] += key.Coefficients[i];
                accumulator.Add(Kahe.Encrypt(parameters, key, elements, values, random));
            }
            Assert.True(KeySum.TryCreate(parameters, parties, secrets, out KeySum? keySum));
            Assert.True(KaheDecryption.TryDecryptSum(
                parameters, elements, accumulator.ToSum(), keySum, parties, values.Length, out ulong[]? sums, out string? failure), $"{parameters}: {failure}");
            Assert.True(!sums.AsSpan().ContainsAnyExcept((ulong)parties * parameters.MaxValue), $"{parameters} ({RunLength.SeedText})");
        }
    }

    // Wider values only fit less: the first refusal is the last width (KaheParametersTests holds each to its figures).
    private static List<KaheParameters> Fitting(int parties)
    {
        var fitting = new List<KaheParameters>();
        foreach (KaheParameterSet set in KaheParameterSet.All)
        {
            try
            {
                for (int bits = 1; bits <= KaheParameters.MaxBitsPerValue; bits++)
                    fitting.Add(KaheParameters.Create(set, parties, bits));
            }
            catch (ArgumentOutOfRangeException)
            {
                Assert.NotEmpty(fitting);
            }
        }
        return fitting;
    }
}
