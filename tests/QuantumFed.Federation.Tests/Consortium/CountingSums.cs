using System.Collections;
using System.Diagnostics.CodeAnalysis;
using QuantumFed.Lattice;

namespace QuantumFed.Federation.Tests;

/// <summary>Key sum shares that may be looked up only so often: a bound on work without a clock.</summary>
internal sealed class CountingSums(IReadOnlyDictionary<ushort, ShareSum> sums, int limit = 10_000) : IReadOnlyDictionary<ushort, ShareSum>
{
    private int _reads;

    public int Count => sums.Count;

    public IEnumerable<ushort> Keys => sums.Keys;

    public IEnumerable<ShareSum> Values => sums.Values;

    public ShareSum this[ushort key] => Read(sums[key]);

    public bool ContainsKey(ushort key) => sums.ContainsKey(key);

    public bool TryGetValue(ushort key, [MaybeNullWhen(false)] out ShareSum value)
    {
        bool found = sums.TryGetValue(key, out value);
        _ = found ? Read(value!) : null;
        return found;
    }

    public IEnumerator<KeyValuePair<ushort, ShareSum>> GetEnumerator() => sums.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private ShareSum Read(ShareSum sum) =>
        ++_reads <= limit ? sum : throw new InvalidOperationException($"The shares were looked up more than {limit} times.");
}
