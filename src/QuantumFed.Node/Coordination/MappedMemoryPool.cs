using System.Buffers;

namespace QuantumFed.Node;

/// <summary>Lends words for the sum of a round's ciphertexts: small sums in memory, larger ones in a file of the workspace that is mapped, so that a model whose sum is
/// larger than the memory can still be opened. Thread safe.</summary>
/// <param name="folder">The folder for the files; it exists.</param>
/// <param name="largestInMemoryInBytes">Above this, a sum goes to a file.</param>
internal sealed class MappedMemoryPool(string folder, long largestInMemoryInBytes = MappedMemoryPool.DefaultLargestInMemoryInBytes) : MemoryPool<ulong>
{
    /// <summary>256 MiB: a sum of 64 million values in two lanes.</summary>
    internal const long DefaultLargestInMemoryInBytes = 256L << 20;

    public override int MaxBufferSize => Array.MaxLength;

    /// <summary>Lends at least <paramref name="minBufferSize"/> words until they are disposed.</summary>
    /// <exception cref="IOException">The disk has too little room for a mapped sum.</exception>
    public override IMemoryOwner<ulong> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, MaxBufferSize);
        return (long)minBufferSize * sizeof(ulong) > largestInMemoryInBytes ? MappedMemory.Create(folder, minBufferSize) : Shared.Rent(minBufferSize);
    }

    protected override void Dispose(bool disposing)
    {
    }
}
