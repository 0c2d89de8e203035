using System.Buffers;
using QuantumFed.Lattice;
using QuantumFed.Node;

namespace QuantumFed.System.Tests;

public sealed class MappedMemoryPoolTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qf-mapped-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_sum_in_a_mapped_file_is_the_sum_and_leaves_no_file()
    {
        const int Count = 30_000;
        KaheParameters parameters = KaheParameters.Create(3, 16);
        PublicElements elements = PublicElements.Expand(parameters, new byte[32], parameters.BlocksFor(Count));
        KaheCiphertext[] ciphertexts = [.. Enumerable.Range(0, 3).Select(member => Encrypt(parameters, elements, (uint)member, Count))];
        KaheAccumulator inMemory = KaheAccumulator.Create(parameters, elements.Blocks);
        inMemory.Add(ciphertexts);

        using var pool = new MappedMemoryPool(_folder, largestInMemoryInBytes: 100_000);
        using (IMemoryOwner<ulong> words = pool.Rent(KaheAccumulator.WordsFor(parameters, elements.Blocks)))
        {
            // It has no name any more, so that not even a kill leaves it behind.
            Assert.Empty(Directory.GetFiles(_folder));
            Assert.Contains(OpenFiles(), file => file.StartsWith(_folder, StringComparison.Ordinal));
            KaheAccumulator mapped = KaheAccumulator.Create(parameters, elements.Blocks, words.Memory);
            for (int block = elements.Blocks - 1; block >= 0; block--)
            {
                for (int member = 0; member < 3; member++)
                    Assert.True(mapped.TryAdd(member, block, ciphertexts[member].Bytes.Span.Slice(12_544 * block, 12_544)));
            }
            Assert.Equal(inMemory.ToSum().ToBytes(), mapped.ToSum().ToBytes());
        }
        Assert.DoesNotContain(OpenFiles(), file => file.StartsWith(_folder, StringComparison.Ordinal));
    }

    [Fact]
    public void A_small_sum_needs_no_file_and_memory_that_was_given_back_is_refused()
    {
        using var pool = new MappedMemoryPool(_folder, largestInMemoryInBytes: 100);
        using (IMemoryOwner<ulong> small = pool.Rent(12))
            Assert.DoesNotContain(OpenFiles(), file => file.StartsWith(_folder, StringComparison.Ordinal));
        IMemoryOwner<ulong> large = pool.Rent(13);
        Memory<ulong> memory = large.Memory;
        memory.Span[12] = 5;
        large.Dispose();
        large.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Span[12]);
    }

    [Fact]
    public void A_disk_without_room_is_an_error_before_anything_is_summed()
    {
        using SmallDisk disk = SmallDisk.OfKilobytes(64);
        using var pool = new MappedMemoryPool(disk.Root, largestInMemoryInBytes: 100);
        Assert.Throws<IOException>(() => pool.Rent(1 << 20));
        Assert.Empty(Directory.GetFiles(disk.Root));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error_with_its_name()
    {
        using var pool = new MappedMemoryPool(Path.Combine(_folder, "missing"), largestInMemoryInBytes: 100);
        Assert.Contains("missing", Assert.Throws<DirectoryNotFoundException>(() => pool.Rent(13)).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> OpenFiles() =>
        Directory.GetFiles("/proc/self/fd").Select(entry => new FileInfo(entry).LinkTarget ?? "");

    private static KaheCiphertext Encrypt(KaheParameters parameters, PublicElements elements, uint value, int count)
    {
        using KaheSecretKey key = KaheSecretKey.Generate(parameters);
        uint[] values = new uint[count];
        Array.Fill(values, value);
        return Kahe.Encrypt(parameters, key, elements, values);
    }
}
