namespace QuantumFed.KeyManagement.Tests;

/// <summary>Two ends agree again by dropping what only one of them has, and nothing else.</summary>
public sealed class RetainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Exactly_what_the_other_end_lacks_is_dropped()
    {
        using KeyStore store = SomeKeys.New(_folder.File("keys"), 6, 3);
        UnitRange[] other = [new(new KeyUnit(1, 2), 1), new(new KeyUnit(0, 1), 2), new(new KeyUnit(0, 4), 1), new(new KeyUnit(1, 0), 1)];
        Assert.Equal(4, store.Retain(other, 1));
        Assert.Equal(other.SelectMany(range => range.Units).OrderBy(unit => unit.Block).ThenBy(unit => unit.Index), store.Available().SelectMany(range => range.Units));
        Assert.Equal(5, store.StoredUnits);
        Assert.Equal(0, store.Retain(other, 1));
    }

    [Fact]
    public void Blocks_that_one_end_alone_has_settled_are_left_alone()
    {
        using KeyStore store = SomeKeys.New(_folder.File("keys"), 2, 2, 2);
        Assert.Equal(4, store.Retain([], 1));
        Assert.Equal([new UnitRange(new KeyUnit(2, 0), 2)], store.Available());
        Assert.Equal(0, store.Retain([], null));
        Assert.Equal(2, store.Retain([], ulong.MaxValue));
    }

    [Fact]
    public void Two_ends_have_the_same_after_each_has_dropped_what_the_other_lacks()
    {
        using KeyStore one = SomeKeys.New(_folder.File("one"), 5, 5, 5), other = SomeKeys.New(_folder.File("other"), 5, 5);
        SomeKeys.SetAside(one, 3 * 256);
        other.Keys.TryTake([SomeKeys.SetAside(one, 256)], granted: true);
        other.Retain([new UnitRange(new KeyUnit(0, 0), 5), new UnitRange(new KeyUnit(1, 0), 4)], 1);
        (IReadOnlyList<UnitRange> Units, ulong? LastBlock) ofOne = one.Pool(), ofOther = other.Pool();
        one.Retain(ofOther.Units, ofOther.LastBlock);
        other.Retain(ofOne.Units, ofOne.LastBlock);
        Assert.Equal(5, other.StoredUnits);
        Assert.Equal([.. other.Available(), new UnitRange(new KeyUnit(2, 0), 5)], one.Available());
    }

    [Fact]
    public void Ranges_that_overlap_in_any_order_name_their_union()
    {
        UnitRange[] ranges = [new(new KeyUnit(0, 7), 1), new(new KeyUnit(0, 1), 5), new(new KeyUnit(0, 2), 1), new(new KeyUnit(0, 7), 3), new(new KeyUnit(0, 7), 2), new(new KeyUnit(2, 0), 1)];
        var known = new PositionRanges(ranges);
        HashSet<long> union = [.. ranges.SelectMany(range => range.Units).Select(unit => unit.Position)];
        for (uint block = 0; block < 4; block++)
        {
            for (uint index = 0; index < 12; index++)
                Assert.Equal(union.Contains(new KeyUnit(block, index).Position), known.Contains(new KeyUnit(block, index).Position));
        }
        Assert.False(new PositionRanges([]).Contains(0));
    }

    [Fact]
    public void Ranges_that_name_millions_of_units_take_little_memory()
    {
        using KeyStore store = SomeKeys.New(_folder.File("keys"), 2);
        UnitRange[] vast = [.. Enumerable.Range(1, 1000).Select(block => new UnitRange(new KeyUnit((ulong)block, 0), (1 << 24) - 1))];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(2, store.Retain(vast, 0));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
