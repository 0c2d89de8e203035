using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

public sealed class PipelineTests
{
    private const int Members = 3;
    private static readonly KaheParameters s_parameters = KaheParameters.Create(Members, 16);
    private static readonly FixedPointEncoding s_encoding = FixedPointEncoding.Create(16, 2);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4061, 2)]
    [InlineData(4062, 3)]
    [InlineData(4063, 1)]
    [InlineData(100_000, 2)]
    public void Numbers_come_back_as_their_clipped_weighted_sum_whatever_the_chunks(int count, int threads)
    {
        var options = new PipelineOptions { Threads = threads };
        using RandomStream random = RandomStream.FromSeed([9], "test");
        byte[] seed = new byte[32];
        PublicElements elements = PublicElements.Expand(s_parameters, seed, s_parameters.BlocksFor(count));
        KaheAccumulator accumulator = KaheAccumulator.Create(s_parameters, elements.Blocks);
        double[] expected = new double[count];
        int[] keySum = new int[2048];
        for (int member = 0; member < Members; member++)
        {
            double weight = (member + 1) / 4.0;
            float[] numbers = [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
            using KaheSecretKey key = KaheSecretKey.Generate(s_parameters);
            byte[] ciphertext = EncryptInChunks(key, elements, numbers, weight, random, options, out double factor);
            Assert.True(accumulator.TryAdd(member, 0, ciphertext));
            for (int i = 0; i < count; i++)
                expected[i] += numbers[i] * factor * s_encoding.Unit;
            for (int i = 0; i < keySum.Length; i++)
                keySum[i] += key.Coefficients[i];
        }

        Assert.True(KeySum.TryCreate(s_parameters, Members, keySum, out KeySum? sum));
        float[] decoded = new float[count];
        using KaheDecryptor decryptor = KaheDecryptor.Create(s_parameters, elements, sum, count, options);
        while (decryptor.Blocks < elements.Blocks)
        {
            int first = decryptor.Blocks, blocks = Math.Min(1 + random.NextInt32(7), elements.Blocks - first);
            byte[] part = new byte[blocks * KaheParameterSet.Kahe2048.BlockSizeInBytes];
            accumulator.CopySum(first, part);
            Assert.True(decryptor.TryDecrypt(part, s_encoding, decoded.AsSpan(first * s_parameters.ValuesPerBlock, decryptor.ValuesIn(blocks)), out string? failure), failure);
        }
        Assert.Equal(0, decryptor.ValuesIn(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => decryptor.ValuesIn(1));
        Assert.True(decryptor.TryDecrypt([], s_encoding, [], out _));
        for (int i = 0; i < count; i++)
            Assert.InRange(decoded[i] - expected[i], -1.001 * Members * s_encoding.Unit, 1.001 * Members * s_encoding.Unit);
    }

    [Fact]
    public void Encrypting_more_blocks_allocates_no_more()
    {
        PublicElements elements = PublicElementExpander.Create(0).Expand(s_parameters, new byte[32], 2000);
        byte[] ciphertext = new byte[s_parameters.CiphertextSizeInBytes(2000)];
        uint[] values = new uint[2000 * s_parameters.ValuesPerBlock];
        long Allocated(int blocks)
        {
            using KaheSecretKey key = KaheSecretKey.Generate(s_parameters);
            int count = blocks * s_parameters.ValuesPerBlock;
            long before = GC.GetAllocatedBytesForCurrentThread();
            using (KaheEncryptor encryptor = KaheEncryptor.Create(s_parameters, key, elements, count, new PipelineOptions { Threads = 1 }))
                encryptor.Encrypt(values.AsSpan(0, count), ciphertext);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        _ = Allocated(10);
        // A few thousand bytes come from the runtime itself, more if others collect meanwhile, now and then; an object for each block would be at least
        // 24 bytes 1990 times, each time.
        long difference = long.MaxValue;
        for (int attempt = 0; attempt < 20 && Math.Abs(difference) > 16_384; attempt++)
            difference = Allocated(2000) - Allocated(10);
        Assert.InRange(difference, -16_384, 16_384);
    }

    [Fact]
    public void An_encryption_that_was_cancelled_is_over()
    {
        using var cancel = new CancellationTokenSource();
        PublicElements elements = PublicElements.Expand(s_parameters, new byte[32], 100);
        using KaheSecretKey key = KaheSecretKey.Generate(s_parameters);
        int count = 100 * s_parameters.ValuesPerBlock;
        byte[] ciphertext = new byte[s_parameters.CiphertextSizeInBytes(100)];
        using KaheEncryptor encryptor = KaheEncryptor.Create(s_parameters, key, elements, count, new PipelineOptions { Cancellation = cancel.Token });
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => encryptor.Encrypt(new uint[count], ciphertext));
        Assert.Throws<InvalidOperationException>(() => encryptor.Encrypt(new uint[count], ciphertext));
        Assert.Throws<InvalidOperationException>(() => KaheEncryptor.Create(s_parameters, key, elements, count));
    }

    [Fact]
    public void An_encryption_in_short_chunks_is_cancelled_too()
    {
        using var cancel = new CancellationTokenSource();
        PublicElements elements = PublicElements.Expand(s_parameters, new byte[32], 1);
        using KaheSecretKey key = KaheSecretKey.Generate(s_parameters);
        using KaheEncryptor encryptor = KaheEncryptor.Create(s_parameters, key, elements, 100, new PipelineOptions { Cancellation = cancel.Token });
        Assert.Equal(0, encryptor.Encrypt([1u], new byte[12_544]));
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => encryptor.Encrypt([2u], new byte[12_544]));
        Assert.Throws<InvalidOperationException>(() => encryptor.Encrypt([2u], new byte[12_544]));
    }

    [Fact]
    public void A_key_that_is_erased_early_still_hides_what_is_encrypted_after()
    {
        uint[] values = [.. Enumerable.Range(0, s_parameters.ValuesPerBlock).Select(i => (uint)i)];
        PublicElements elements = PublicElements.Expand(s_parameters, new byte[32], 1);
        KaheSecretKey key = KaheSecretKey.Generate(s_parameters);
        Assert.True(KeySum.TryCreate(s_parameters, 1, key.Coefficients, out KeySum? sum));
        using KaheEncryptor encryptor = KaheEncryptor.Create(s_parameters, key, elements, values.Length);
        key.Dispose();
        byte[] ciphertext = new byte[12_544];
        encryptor.Encrypt(values, ciphertext);
        using KaheDecryptor decryptor = KaheDecryptor.Create(s_parameters, elements, sum, values.Length);
        ulong[] decrypted = new ulong[values.Length];
        Assert.True(decryptor.TryDecrypt(ciphertext, decrypted, out string? failure), failure);
        Assert.Equal(values.Select(value => (ulong)value), decrypted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_is_disposed_while_it_works_ends_its_call_first(int threads)
    {
        const int Blocks = 40;
        int count = Blocks * s_parameters.ValuesPerBlock;
        PublicElements elements = PublicElements.Expand(s_parameters, new byte[32], Blocks);
        using KaheSecretKey key = KaheSecretKey.Generate(s_parameters);
        Assert.True(KeySum.TryCreate(s_parameters, 1, key.Coefficients, out KeySum? sum));
        byte[] ciphertext = new byte[s_parameters.CiphertextSizeInBytes(Blocks)];
        var report = new Calling();
        var options = new PipelineOptions { Threads = threads, Progress = report };
        KaheEncryptor encryptor = KaheEncryptor.Create(s_parameters, key, elements, count, options);
        report.Action = () =>
        {
            Assert.Throws<InvalidOperationException>(() => encryptor.Encrypt([1u], ciphertext));
            encryptor.Dispose();
            Assert.Throws<ObjectDisposedException>(() => encryptor.Encrypt([1u], ciphertext));
        };
        Assert.Equal(ciphertext.Length, encryptor.Encrypt(new uint[count], ciphertext));
        encryptor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => encryptor.Encrypt(ReadOnlySpan<uint>.Empty, ciphertext));

        KaheDecryptor decryptor = KaheDecryptor.Create(s_parameters, elements, sum, count, options);
        report.Action = decryptor.Dispose;
        Assert.True(decryptor.TryDecrypt(ciphertext, new ulong[count], out string? failure), failure);
        Assert.Throws<ObjectDisposedException>(() => decryptor.TryDecrypt([], [], out _));
    }

    [Fact]
    public void Room_and_numbers_are_checked_before_anything_is_written()
    {
        PublicElements elements = PublicElements.Expand(s_parameters, new byte[32], 2);
        using KaheSecretKey key = KaheSecretKey.Generate(s_parameters);
        using KaheEncryptor encryptor = KaheEncryptor.Create(s_parameters, key, elements, 5000);
        Assert.Equal((0, 12_544, 12_544, 25_088), (encryptor.SizeInBytes(4061), encryptor.SizeInBytes(4062), encryptor.SizeInBytes(4999), encryptor.SizeInBytes(5000)));
        Assert.Throws<ArgumentOutOfRangeException>(() => encryptor.SizeInBytes(5001));
        Assert.Throws<ArgumentException>(() => encryptor.Encrypt(new uint[5001], new byte[25_088]));
        Assert.Throws<ArgumentException>(() => encryptor.Encrypt(new uint[5000], new byte[25_087]));
        Assert.Throws<ArgumentException>(() => encryptor.Encrypt([65_536], new byte[25_088]));
        Assert.True(FixedPointEncoding.Create(17, 1).TryScale(1, 1, out FixedPointScale? wide));
        Assert.Throws<ArgumentException>(() => encryptor.Encrypt([1f], wide, new byte[25_088]));
        Assert.Equal(25_088, encryptor.Encrypt(new uint[5000], new byte[25_088]));
        Assert.Equal(0, encryptor.ValuesLeft);
    }

    [Fact]
    public void The_first_block_that_does_not_hold_is_named_whatever_the_threads()
    {
        using KaheRound round = KaheRound.Run(s_parameters, Members, 200_000);
        byte[] bytes = round.Sum(0, 1, 2).ToBytes();
        foreach (int block in (int[])[7, 20, 41])
            bytes[block * KaheParameterSet.Kahe2048.BlockSizeInBytes] ^= 1;
        for (int threads = 1; threads <= 4; threads++)
        {
            using KaheDecryptor decryptor = KaheDecryptor.Create(
                s_parameters, round.Elements, round.KeySum(0, 1, 2), 200_000, new PipelineOptions { Threads = threads });
            Assert.False(decryptor.TryDecrypt(bytes, new ulong[200_000], out string? failure));
            Assert.StartsWith("Block 7: ", failure, StringComparison.Ordinal);
        }
        using KaheDecryptor other = KaheDecryptor.Create(s_parameters, round.Elements, round.KeySum(0, 1, 2), 200_000);
        Assert.Throws<ArgumentException>(() => other.TryDecrypt(bytes.AsSpan(1), new ulong[200_000], out _));
        Assert.Throws<ArgumentException>(() => other.TryDecrypt(bytes, new ulong[199_999], out _));
    }

    private sealed class Calling : IProgress<int>
    {
        internal Action? Action { get; set; }

        public void Report(int value)
        {
            Action? action = Action;
            Action = null;
            action?.Invoke();
        }
    }

    private static byte[] EncryptInChunks(
        KaheSecretKey key, PublicElements elements, float[] numbers, double weight, RandomStream random, PipelineOptions options, out double factor)
    {
        var norm = new L2Norm();
        norm.Add(numbers);
        Assert.True(s_encoding.TryScale(norm.Value, weight, out FixedPointScale? scale));
        factor = scale.Factor;
        byte[] ciphertext = new byte[s_parameters.CiphertextSizeInBytes(elements.Blocks)];
        using KaheEncryptor encryptor = KaheEncryptor.Create(s_parameters, key, elements, numbers.Length, options);
        int written = 0;
        while (encryptor.ValuesLeft > 0)
        {
            int chunk = Math.Min(random.NextInt32(4) == 0 ? random.NextInt32(40_000) : random.NextInt32(3000), encryptor.ValuesLeft);
            written += encryptor.Encrypt(numbers.AsSpan(numbers.Length - encryptor.ValuesLeft, chunk), scale, ciphertext.AsSpan(written));
        }
        Assert.Equal(ciphertext.Length, written);
        return ciphertext;
    }
}
