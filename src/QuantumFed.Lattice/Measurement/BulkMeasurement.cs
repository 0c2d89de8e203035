using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>Times a sum of encrypted updates: every member's numbers to ciphertexts, the sum of these, and back to numbers.</summary>
internal sealed class BulkMeasurement
{
    private const double ClipNorm = 1, Weight = 0.75;

    private readonly KaheParameters _parameters;
    private readonly FixedPointEncoding _encoding;
    private readonly PublicElements _elements;
    private readonly float[] _numbers;
    private readonly byte[] _ciphertext;
    private readonly double _norm;

    internal BulkMeasurement(KaheParameters parameters, int valueCount)
    {
        _parameters = parameters;
        _encoding = FixedPointEncoding.Create(parameters.BitsPerValue, ClipNorm);
        using RandomStream random = RandomStream.FromSeed([2], "QuantumFed.Lattice.Measurement");
        byte[] seed = new byte[PublicElements.SeedSizeInBytes];
        random.Fill(seed);
        int blocks = parameters.BlocksFor(valueCount);
        _elements = PublicElements.Expand(parameters, seed, blocks);
        _numbers = new float[valueCount];
        for (int i = 0; i < _numbers.Length; i++)
            _numbers[i] = (float)(2 * random.NextDouble() - 1);
        var norm = new L2Norm();
        norm.Add(_numbers);
        _norm = norm.Value;
        _ciphertext = GC.AllocateUninitializedArray<byte>(parameters.CiphertextSizeInBytes(blocks));
    }

    /// <summary>Measures with so many threads, and with one beside where they are more.</summary>
    internal BulkTiming Run(int threads, MedianTimer timer)
    {
        PipelineOptions one = new() { Threads = 1 }, several = new() { Threads = threads };
        PipelineRate encrypt = Measure(options => () => { using KaheSecretKey key = Encrypt(_ciphertext, options); }, 1);

        // Every member its own ciphertext: one added over and over would add its errors, too, beyond the noise bound.
        int members = _parameters.Parties;
        var ciphertexts = new KaheCiphertext[members];
        int[] keySum = new int[_parameters.RingDegree];
        for (int member = 0; member < members; member++)
        {
            byte[] bytes = GC.AllocateUninitializedArray<byte>(_ciphertext.Length);
            using KaheSecretKey key = Encrypt(bytes, several);
            ciphertexts[member] = new KaheCiphertext(_parameters.Set, bytes);
            for (int i = 0; i < keySum.Length; i++)
                keySum[i] += key.Coefficients[i];
        }

        int blocks = ciphertexts[0].Blocks;
        Memory<ulong> words = GC.AllocateUninitializedArray<ulong>(KaheAccumulator.WordsFor(_parameters, blocks));
        PipelineRate add = Measure(options => () => KaheAccumulator.Create(_parameters, blocks, words).Add(ciphertexts, options), members);
        double arriving = Mparam(timer.Seconds(() => AddArriving(ciphertexts, words)), members);

        KaheAccumulator accumulator = KaheAccumulator.Create(_parameters, blocks, words);
        accumulator.Add(ciphertexts, several);
        accumulator.CopySum(0, _ciphertext);
        if (!KeySum.TryCreate(_parameters, members, keySum, out KeySum? sum))
            throw new InvalidOperationException("A sum of secrets exceeds its bound.");
        float[] decoded = new float[_numbers.Length];
        PipelineRate decrypt = Measure(options => () => Decrypt(sum, decoded, options), 1);
        return new BulkTiming(encrypt, add, arriving, decrypt);

        PipelineRate Measure(Func<PipelineOptions, Action> work, int terms)
        {
            if (threads == 1)
                return new PipelineRate(Mparam(timer.Seconds(work(one)), terms), null);
            double[] seconds = timer.Seconds(work(several), work(one));
            return new PipelineRate(Mparam(seconds[0], terms), seconds[1] / seconds[0]);
        }
    }

    /// <summary>Everything a member does with its numbers, up to the ciphertext's bytes.</summary>
    private KaheSecretKey Encrypt(byte[] ciphertext, PipelineOptions options)
    {
        KaheSecretKey key = KaheSecretKey.Generate(_parameters);
        var norm = new L2Norm();
        norm.Add(_numbers);
        if (!_encoding.TryScale(norm.Value, Weight, out FixedPointScale? scale))
            throw new InvalidOperationException("A number is not finite.");
        using KaheEncryptor encryptor = KaheEncryptor.Create(_parameters, key, _elements, _numbers.Length, options);
        encryptor.Encrypt(_numbers, scale, ciphertext);
        return key;
    }

    /// <summary>Block by block, one member after the other, as unchecked bytes.</summary>
    private void AddArriving(KaheCiphertext[] ciphertexts, Memory<ulong> words)
    {
        KaheAccumulator accumulator = KaheAccumulator.Create(_parameters, ciphertexts[0].Blocks, words);
        for (int member = 0; member < ciphertexts.Length; member++)
        {
            for (int block = 0; block < accumulator.Blocks; block++)
            {
                if (!accumulator.TryAdd(member, block, ciphertexts[member].Block(block)))
                    throw new InvalidOperationException("A ciphertext is none.");
            }
        }
    }

    private void Decrypt(KeySum sum, float[] decoded, PipelineOptions options)
    {
        using KaheDecryptor decryptor = KaheDecryptor.Create(_parameters, _elements, sum, decoded.Length, options);
        if (!decryptor.TryDecrypt(_ciphertext, _encoding, decoded, out string? failure))
            throw new InvalidOperationException(failure);
        // A member's number is its input, clipped and weighted, to within one unit.
        double sent = _numbers[0] * Weight * sum.Participants * ClipNorm / Math.Max(ClipNorm, _norm);
        if (Math.Abs(decoded[0] - sent) > sum.Participants * _encoding.Unit)
            throw new InvalidOperationException("The sum is not the sum.");
    }

    private double Mparam(double seconds, int terms) => (double)_numbers.Length * terms / seconds / 1e6;
}
