using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>The elements of one set and seed that are kept in memory. Thread safe.</summary>
internal sealed class RoundElements(KaheParameterSet set, byte[] seed)
{
    private readonly ConcurrentDictionary<int, double[]> _kept = new();

    /// <summary>The set.</summary>
    internal KaheParameterSet Set => set;

    /// <summary>The memory of one element.</summary>
    internal int ElementSizeInBytes => sizeof(double) * set.ElementSize;

    /// <summary>The seed, 32 bytes.</summary>
    internal ReadOnlySpan<byte> Seed => seed;

    /// <summary>Bytes of the elements that are kept, or about to be. Only the expander touches it, under its lock.</summary>
    internal long Reserved { get; set; }

    internal bool TryGet(int block, [NotNullWhen(true)] out double[]? values) => _kept.TryGetValue(block, out values);

    /// <summary>Keeps an element; <see langword="false"/> if another thread was faster.</summary>
    internal bool TryKeep(int block, double[] values) => _kept.TryAdd(block, values);

    internal void Clear() => _kept.Clear();
}
