namespace QuantumFed.KeyManagement;

/// <summary>Units of one block that follow each other.</summary>
/// <param name="First">The first.</param>
/// <param name="Count">How many, at least 1.</param>
public readonly record struct UnitRange(KeyUnit First, uint Count)
{
    /// <summary>The units.</summary>
    public IEnumerable<KeyUnit> Units
    {
        get
        {
            for (uint i = 0; i < Count; i++)
                yield return First with { Index = First.Index + i };
        }
    }

    /// <summary>Ascending units as few ranges.</summary>
    public static IReadOnlyList<UnitRange> Of(IEnumerable<KeyUnit> ascending)
    {
        var ranges = new List<UnitRange>();
        foreach (KeyUnit unit in ascending)
        {
            if (ranges is [.., { } last] && last.First.Block == unit.Block && last.First.Index + last.Count == unit.Index)
                ranges[^1] = last with { Count = last.Count + 1 };
            else
                ranges.Add(new UnitRange(unit, 1));
        }
        return ranges;
    }
}
