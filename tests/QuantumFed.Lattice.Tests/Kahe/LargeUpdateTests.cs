namespace QuantumFed.Lattice.Tests;

/// <summary>Alone in the process while it runs, because it counts what the process allocates.</summary>
[CollectionDefinition(nameof(LargeUpdateTests), DisableParallelization = true)]
[Collection(nameof(LargeUpdateTests))]
public sealed class LargeUpdateTests
{
    [Fact]
    public void A_hundred_million_numbers_pass_in_memory_that_does_not_grow_with_them()
    {
        const int Count = 100_000_000, Chunk = 1 << 20;
        KaheParameters parameters = KaheParameters.Create(2, 16);
        int blocks = parameters.BlocksFor(Count);
        PublicElements elements = PublicElements.Expand(parameters, [.. Enumerable.Repeat((byte)7, 32)], blocks);
        // The sum is the output of the one side and the input of the other.
        KaheAccumulator accumulator = KaheAccumulator.Create(parameters, blocks);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        uint[] values = [.. Enumerable.Range(0, Chunk).Select(i => (uint)(i * 31 % 65_536))];
        byte[] part = new byte[parameters.CiphertextSizeInBytes(parameters.BlocksFor(Chunk) + 1)];
        using KaheSecretKey first = KaheSecretKey.Generate(parameters), second = KaheSecretKey.Generate(parameters);
        KaheSecretKey[] keys = [first, second];
        for (int member = 0; member < keys.Length; member++)
        {
            using KaheEncryptor encryptor = KaheEncryptor.Create(parameters, keys[member], elements, Count);
            for (int block = 0; encryptor.ValuesLeft > 0;)
            {
                int written = encryptor.Encrypt(values.AsSpan(0, Math.Min(Chunk, encryptor.ValuesLeft)), part);
                Assert.True(accumulator.TryAdd(member, block, part.AsSpan(0, written)));
                block += written / KaheParameterSet.Kahe2048.BlockSizeInBytes;
            }
        }

        int[] sum = new int[2048];
        for (int i = 0; i < sum.Length; i++)
            sum[i] = first.Coefficients[i] + second.Coefficients[i];
        Assert.True(KeySum.TryCreate(parameters, 2, sum, out KeySum? keySum));
        using KaheDecryptor decryptor = KaheDecryptor.Create(parameters, elements, keySum, Count);
        ulong[] sums = new ulong[part.Length / KaheParameterSet.Kahe2048.BlockSizeInBytes * parameters.ValuesPerBlock];
        for (long place = 0; place < Count;)
        {
            int here = Math.Min(part.Length / KaheParameterSet.Kahe2048.BlockSizeInBytes, blocks - decryptor.Blocks), count = decryptor.ValuesIn(here), block = decryptor.Blocks;
            accumulator.CopySum(block, part.AsSpan(0, here * KaheParameterSet.Kahe2048.BlockSizeInBytes));
            Assert.True(decryptor.TryDecrypt(part.AsSpan(0, here * KaheParameterSet.Kahe2048.BlockSizeInBytes), sums.AsSpan(0, count), out string? failure), failure);
            bool same = true;
            for (int i = 0; i < count; i++, place++)
                same &= sums[i] == 2UL * values[place % Chunk];
            Assert.True(same, $"The sum differs before {place}.");
        }
        // Everything that was allocated, whether or not it was collected since.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64 << 20);
    }
}
