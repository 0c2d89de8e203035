namespace QuantumFed.KeyManagement;

/// <summary>Units of the other end, looked up by position in memory that their ranges take, however many units these name.</summary>
internal sealed class PositionRanges
{
    private readonly long[] _firsts;
    private readonly long[] _ends;

    /// <summary>Takes ranges in any order; they may overlap.</summary>
    public PositionRanges(IEnumerable<UnitRange> ranges)
    {
        UnitRange[] ordered = [.. ranges.OrderBy(range => range.First.Position)];
        _firsts = new long[ordered.Length];
        _ends = new long[ordered.Length];
        long end = 0;
        for (int i = 0; i < ordered.Length; i++)
        {
            // The furthest end so far: what a later range does not reach, an earlier one that began before it may.
            _firsts[i] = ordered[i].First.Position;
            _ends[i] = end = Math.Max(end, _firsts[i] + ordered[i].Count);
        }
    }

    /// <summary>Whether one of the ranges has the unit at this position.</summary>
    public bool Contains(long position)
    {
        int i = Array.BinarySearch(_firsts, position);
        if (i < 0)
            i = ~i - 1;
        // Of equal firsts any may have been found, and the last of them reaches furthest.
        while (i >= 0 && i + 1 < _firsts.Length && _firsts[i + 1] == position)
            i++;
        return i >= 0 && position < _ends[i];
    }
}
