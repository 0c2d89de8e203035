using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>A round of the bulk layer with everything at hand: parameters, elements, secrets, values, ciphertexts.</summary>
internal sealed class KaheRound : IDisposable
{
    private KaheRound(KaheParameters parameters, PublicElements elements) => (Parameters, Elements) = (parameters, elements);

    internal KaheParameters Parameters { get; }

    internal PublicElements Elements { get; }

    internal List<KaheSecretKey> Keys { get; } = [];

    internal List<uint[]> Values { get; } = [];

    internal List<KaheCiphertext> Ciphertexts { get; } = [];

    internal int ValueCount => Values[0].Length;

    /// <summary>Members draw values at and near the ends of the range as well as between.</summary>
    internal static KaheRound Run(KaheParameters parameters, int members, int valueCount)
    {
        using RandomStream random = RandomStream.FromSeed([20], "test");
        byte[] seed = new byte[32];
        random.Fill(seed);
        var round = new KaheRound(parameters, PublicElements.Expand(parameters, seed, parameters.BlocksFor(valueCount)));
        uint max = (uint)((1UL << parameters.BitsPerValue) - 1);
        for (int member = 0; member < members; member++)
        {
            uint[] values = new uint[valueCount];
            for (int i = 0; i < valueCount; i++)
                values[i] = (i % 5) switch { 0 => max, 1 => 0, _ => (uint)random.NextUInt64() & max };
            round.Values.Add(values);
            round.Keys.Add(KaheSecretKey.Generate(parameters));
            round.Ciphertexts.Add(Kahe.Encrypt(parameters, round.Keys[member], round.Elements, values));
        }
        return round;
    }

    internal KaheCiphertext Sum(params IEnumerable<int> members)
    {
        KaheAccumulator accumulator = KaheAccumulator.Create(Parameters, Ciphertexts[0].Blocks);
        foreach (int member in members)
            accumulator.Add(Ciphertexts[member]);
        return accumulator.ToSum();
    }

    internal KeySum KeySum(params IEnumerable<int> members)
    {
        int[] sum = new int[Parameters.RingDegree];
        int count = 0;
        foreach (int member in members)
        {
            count++;
            for (int i = 0; i < sum.Length; i++)
                sum[i] += Keys[member].Coefficients[i];
        }
        Assert.True(Lattice.KeySum.TryCreate(Parameters, count, sum, out KeySum? keySum));
        return keySum;
    }

    internal ulong[] ExpectedSums(params IEnumerable<int> members)
    {
        ulong[] sums = new ulong[ValueCount];
        foreach (int member in members)
        {
            for (int i = 0; i < sums.Length; i++)
                sums[i] += Values[member][i];
        }
        return sums;
    }

    /// <summary>Decrypts and expects a refusal; returns its sentence.</summary>
    internal string Refusal(KaheCiphertext sum, KeySum keySum, int participants, int? valueCount = null)
    {
        Assert.False(KaheDecryption.TryDecryptSum(Parameters, Elements, sum, keySum, participants, valueCount ?? ValueCount, out ulong[]? sums, out string? failure));
        Assert.Null(sums);
        return failure;
    }

    public void Dispose() => Keys.ForEach(key => key.Dispose());
}
