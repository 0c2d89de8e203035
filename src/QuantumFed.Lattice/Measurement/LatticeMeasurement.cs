using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>Times the lattice core on this machine, each operation after a warm-up, as medians. One thread.</summary>
public static class LatticeMeasurement
{
    private const int Repetitions = 15;
    private const int TransformBatch = 50;
    private static readonly int[] s_degrees = [1024, 2048, 4096, 8192, 16384, 32768];

    /// <summary>Measures everything.</summary>
    /// <param name="parameters">The consortium's parameters; all <see cref="KaheParameters.Parties"/> encrypt, deal and sit on the committee.</param>
    /// <param name="sharing">M and t.</param>
    /// <param name="valueCount">The length of a member's vector.</param>
    /// <param name="tell">Told what is being measured.</param>
    /// <param name="peakMegabytes">Asked at the end for the process's largest size, which this library does not look up.</param>
    /// <param name="cancellation">Asked between two repetitions.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static LatticeTiming Run(
        KaheParameters parameters, SharingParameters sharing, int valueCount, Action<string> tell, Func<double> peakMegabytes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(sharing);
        ArgumentNullException.ThrowIfNull(tell);
        ArgumentNullException.ThrowIfNull(peakMegabytes);
        var transforms = new Dictionary<string, TransformTiming>();
        foreach (int degree in s_degrees)
        {
            tell(string.Create(CultureInfo.InvariantCulture, $"transforms of n = {degree}"));
            transforms.Add(degree.ToString(CultureInfo.InvariantCulture), Transforms(degree, cancellation));
        }
        tell(string.Create(CultureInfo.InvariantCulture, $"encryption, addition and decryption of {valueCount} values of {parameters.Parties} members"));
        (double encrypt, double add, double decrypt) = Bulk(parameters, valueCount, cancellation);
        tell(string.Create(CultureInfo.InvariantCulture, $"the key layer of a committee of {sharing.CommitteeSize}"));
        (double share, double open, double combine) = KeyLayer(parameters, sharing, cancellation);
        double bytes = (double)parameters.CiphertextSizeInBytes(parameters.BlocksFor(valueCount)) / valueCount;
        return new LatticeTiming(transforms, encrypt, add, decrypt, bytes, share, open, combine, peakMegabytes());
    }

    private static TransformTiming Transforms(int degree, CancellationToken cancellation)
    {
        Modulus modulus = PrimeFor(degree);
        NegacyclicRing widest = NegacyclicRing.Create(modulus, degree, KernelPaths.Widest), scalar = NegacyclicRing.Create(modulus, degree, KernelPath.Scalar);
        using RandomStream random = RandomStream.FromSeed([1], "QuantumFed.Lattice.Measurement");
        double[] start = new double[degree], work = new double[degree];
        for (int i = 0; i < degree; i++)
            start[i] = modulus.Centre(random.NextUInt64() % modulus.Value);

        // The inverse takes what the forward transform or a product leaves, at most 3/4 q: residues centred are.
        double Median(Action transform) => MedianSeconds(
            () =>
            {
                for (int i = 0; i < TransformBatch; i++)
                {
                    start.CopyTo(work, 0);
                    transform();
                }
            },
            cancellation) / TransformBatch * 1e6;
        double copy = Median(() => { });
        return new TransformTiming(
            Median(() => widest.ForwardOnly(work)) - copy, Median(() => widest.InverseOnly(work)) - copy,
            Median(() => scalar.ForwardOnly(work)) - copy, Median(() => scalar.InverseOnly(work)) - copy);
    }

    /// <summary>A prime of nearly 49 bits, or of nearly as many as keep the transforms' bound, with a primitive 2n-th root of unity.</summary>
    internal static Modulus PrimeFor(int degree)
    {
        ulong step = 2 * (ulong)degree, below = 1UL << Modulus.MaxBits;
        while (NttTables.InputBoundOfLastMultiplication(below, BitOperations.Log2((uint)degree)) > 1L << 52)
            below -= below / 256;
        for (ulong q = (below - 2) / step * step + 1; ; q -= step)
        {
            if (Modulus.TryCreate(q, out Modulus? modulus))
                return modulus;
        }
    }

    private static (double Encrypt, double Add, double Decrypt) Bulk(KaheParameters parameters, int valueCount, CancellationToken cancellation)
    {
        int blocks = parameters.BlocksFor(valueCount), members = parameters.Parties;
        using RandomStream random = RandomStream.FromSeed([2], "QuantumFed.Lattice.Measurement");
        byte[] seed = new byte[PublicElements.SeedSizeInBytes];
        random.Fill(seed);
        PublicElements elements = PublicElements.Expand(parameters, seed, blocks);
        uint[] values = new uint[valueCount];
        for (int i = 0; i < values.Length; i++)
            values[i] = (uint)(random.NextUInt64() & parameters.MaxValue);

        double encrypt = MedianSeconds(
            () =>
            {
                using KaheSecretKey secret = KaheSecretKey.Generate(parameters);
                _ = Kahe.Encrypt(parameters, secret, elements, values);
            },
            cancellation);

        // Every member its own ciphertext: one added over and over would add its errors, too, beyond the noise bound.
        var ciphertexts = new KaheCiphertext[members];
        int[] keySum = new int[parameters.RingDegree];
        for (int member = 0; member < members; member++)
        {
            using KaheSecretKey secret = KaheSecretKey.Generate(parameters);
            ciphertexts[member] = Kahe.Encrypt(parameters, secret, elements, values);
            for (int i = 0; i < keySum.Length; i++)
                keySum[i] += secret.Coefficients[i];
        }
        var accumulator = KaheAccumulator.Create(parameters, blocks);
        double add = MedianSeconds(
            () =>
            {
                accumulator = KaheAccumulator.Create(parameters, blocks);
                accumulator.Add(ciphertexts);
            },
            cancellation) / members;

        if (!KeySum.TryCreate(parameters, members, keySum, out KeySum? key))
            throw new InvalidOperationException("A sum of secrets exceeds its bound.");
        KaheCiphertext sum = accumulator.ToSum();
        ulong[] sums = new ulong[valueCount];
        double decrypt = MedianSeconds(
            () =>
            {
                if (!KaheDecryption.TryDecryptSum(parameters, elements, sum, key, members, sums, out string? failure))
                    throw new InvalidOperationException(failure);
                if (sums[0] != (ulong)members * values[0] || sums[^1] != (ulong)members * values[^1])
                    throw new InvalidOperationException("The sum is not the sum.");
            },
            cancellation);
        return (valueCount / encrypt / 1e6, valueCount / add / 1e6, valueCount / decrypt / 1e6);
    }

    private static (double Share, double Open, double Combine) KeyLayer(KaheParameters parameters, SharingParameters sharing, CancellationToken cancellation)
    {
        RoundKeyPair[] keys = [.. Enumerable.Range(0, sharing.CommitteeSize).Select(_ => RoundKeyPair.Generate())];
        byte[] context = [1, 2, 3];
        byte[][] Deal()
        {
            using KaheSecretKey secret = KaheSecretKey.Generate(parameters);
            using DealtShares shares = SecretSharing.Deal(secret, sharing);
            return [.. Enumerable.Range(1, sharing.CommitteeSize).Select(receiver => ShareSeal.Seal(shares[receiver], keys[receiver - 1].EncapsulationKey, context))];
        }
        double share = MedianSeconds(() => Deal(), cancellation);

        byte[][][] dealt = [.. Enumerable.Range(0, parameters.Parties).Select(_ => Deal())];
        ShareChallenge challenge = ShareChallenge.FromDigest(new byte[32]);
        ShareSum Open(int receiver)
        {
            var opened = new List<SecretShare>();
            foreach (byte[][] sealedShares in dealt)
            {
                if (!ShareSeal.TryOpen(keys[receiver - 1], sealedShares[receiver - 1], context, out SecretShare? own))
                    throw new InvalidOperationException("A sealed share does not open.");
                _ = own.MaskedCombination(challenge);
                opened.Add(own);
            }
            ShareSum sum = ShareSum.Of(opened);
            opened.ForEach(own => own.Dispose());
            return sum;
        }
        double open = MedianSeconds(() => Open(1), cancellation);

        Dictionary<int, ShareSum> sums = Enumerable.Range(1, sharing.CommitteeSize).ToDictionary(receiver => receiver, Open);
        Dictionary<int, ShareSum> subset = sums.Where(sum => sum.Key <= sharing.Threshold).ToDictionary(sum => sum.Key, sum => sum.Value);
        Dictionary<int, ShareSum> others = sums.Where(sum => sum.Key > sharing.Threshold).ToDictionary(sum => sum.Key, sum => sum.Value);
        double combine = MedianSeconds(
            () =>
            {
                if (!KeySumCombiner.TryCombine(parameters, sharing, parameters.Parties, subset, out _) || KeySumCombiner.Inconsistent(sharing, subset, others).Count > 0)
                    throw new InvalidOperationException("Honest shares do not combine.");
            },
            cancellation);
        foreach (RoundKeyPair key in keys)
            key.Dispose();
        return (share * 1e3, open * 1e3, combine * 1e3);
    }

    private static double MedianSeconds(Action work, CancellationToken cancellation)
    {
        double[] seconds = new double[Repetitions];
        // Twice to warm up: the first call compiles.
        for (int i = -2; i < Repetitions; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            long started = Stopwatch.GetTimestamp();
            work();
            if (i >= 0)
                seconds[i] = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        Array.Sort(seconds);
        return seconds[Repetitions / 2];
    }
}
