using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>One block of a summed ciphertext, made by hand: b = a s + T E + M mod q with E and M as one likes, where encryptions would reach them
/// with probability 2^-64 or never.</summary>
internal sealed class PackingExtreme
{
    private readonly KaheParameters _parameters;
    private readonly PublicElements _elements;
    private readonly KeySum _keySum;
    private readonly ulong[][] _products;

    private PackingExtreme(KaheParameters parameters, PublicElements elements, KeySum keySum)
    {
        (_parameters, _elements, _keySum) = (parameters, elements, keySum);
        int n = parameters.RingDegree;
        TransformedElement[] key = parameters.Set.Transform(keySum.Coefficients);
        _products = [.. key.Select((transform, i) =>
        {
            ulong[] product = new ulong[n];
            parameters.Set.Rings[i].MultiplyInverse(elements.Values(0).AsSpan(i * n, n), transform, new double[n], product);
            return product;
        })];
        (Errors, Message) = (new int[n], new UInt128[n]);
        Message[parameters.CountCoefficient] = (UInt128)parameters.Parties;
        UInt128 slot = 0;
        for (int lane = 0; lane < parameters.Lanes; lane++)
            slot |= (UInt128)Full << (lane * parameters.LaneWidth);
        Message.AsSpan(parameters.FirstValueCoefficient).Fill(slot);
    }

    /// <summary>E.</summary>
    internal int[] Errors { get; }

    /// <summary>M: the count of all parties, and every lane as full as their largest values make it.</summary>
    internal UInt128[] Message { get; }

    private ulong Full => (ulong)_parameters.Parties * _parameters.MaxValue;

    internal static PackingExtreme Create(KaheParameters parameters, RandomStream random)
    {
        byte[] seed = new byte[PublicElements.SeedSizeInBytes];
        random.Fill(seed);
        // Secrets at the ends of their range as well.
        int bound = parameters.SecretBound * parameters.Parties;
        int[] secrets = new int[parameters.RingDegree];
        for (int i = 0; i < secrets.Length; i++)
            secrets[i] = random.NextInt32(4) switch { 0 => bound, 1 => -bound, _ => random.NextInt32(2 * bound + 1) - bound };
        Assert.True(KeySum.TryCreate(parameters, parameters.Parties, secrets, out KeySum? keySum));
        return new PackingExtreme(parameters, PublicElements.Expand(parameters, seed, 1), keySum);
    }

    internal void FillErrors(int even, int odd)
    {
        for (int i = 0; i < Errors.Length; i++)
            Errors[i] = i % 2 == 0 ? even : odd;
    }

    internal ulong[] FullSums()
    {
        ulong[] sums = new ulong[_parameters.ValuesPerBlock];
        sums.AsSpan().Fill(Full);
        return sums;
    }

    internal ulong[] Decrypt(int participants)
    {
        Assert.True(TryDecrypt(participants, out ulong[]? sums, out string? failure), $"{_parameters}: {failure} ({RunLength.SeedText})");
        return sums!;
    }

    internal string Refusal(int participants)
    {
        Assert.False(TryDecrypt(participants, out _, out string? failure), $"{_parameters}: accepted ({RunLength.SeedText})");
        return failure!;
    }

    private bool TryDecrypt(int participants, out ulong[]? sums, out string? failure) => KaheDecryption.TryDecryptSum(
        _parameters, _elements, Ciphertext(), _keySum, participants, _parameters.ValuesPerBlock, out sums, out failure);

    // On 128-bit integers: nothing here can wrap or round.
    private KaheCiphertext Ciphertext()
    {
        KaheParameterSet set = _parameters.Set;
        Int128 scale = Int128.One << _parameters.PlaintextBits;
        byte[] bytes = new byte[set.BlockSizeInBytes];
        for (int i = 0; i < set.Primes.Count; i++)
        {
            Int128 p = set.Primes[i];
            ulong[] masked = new ulong[set.RingDegree];
            for (int k = 0; k < masked.Length; k++)
                masked[k] = (ulong)(((_products[i][k] + scale * Errors[k] + (Int128)Message[k]) % p + p) % p);
            CoefficientPacking.Pack(masked, bytes.AsSpan(i * set.PrimeSizeInBytes, set.PrimeSizeInBytes));
        }
        return new KaheCiphertext(set, bytes);
    }
}
