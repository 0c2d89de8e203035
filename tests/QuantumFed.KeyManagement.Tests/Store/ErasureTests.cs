namespace QuantumFed.KeyManagement.Tests;

/// <summary>What was handed out, dropped or expired is in no file any more, while the store is open.</summary>
public sealed class ErasureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly KeyStore _store;
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public ErasureTests()
    {
        _store = SomeKeys.Open(_folder.File("keys"), time: _time);
        for (ulong block = 0; block < 4; block++)
            _store.Save([1], block, SomeKeys.KeyOf(block, 300));
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_delivered_key()
    {
        KeyGrant grant = SomeKeys.SetAside(_store, 100 * 256);
        AssertThere(grant, 100);
        SomeKeys.Deliver(_store, grant);
        AssertThere(grant, 0);
        AssertWaitingUnitsThere();
    }

    [Fact]
    public void A_retrieved_key_after_its_last_slave()
    {
        KeyGrant grant = SomeKeys.Grant(_store, 10 * 256, SomeKeys.Slave, SomeKeys.OtherSlave);
        SomeKeys.Retrieve(_store, grant.Id, SomeKeys.OtherSlave);
        AssertThere(grant, 10);
        SomeKeys.Retrieve(_store, grant.Id);
        AssertThere(grant, 0);
    }

    [Fact]
    public void A_discarded_key()
    {
        KeyGrant grant = SomeKeys.SetAside(_store, 10 * 256);
        _store.Keys.Discard([grant]);
        AssertThere(grant, 0);
    }

    [Fact]
    public void An_expired_key()
    {
        KeyGrant grant = SomeKeys.Grant(_store, 10 * 256);
        _time.Advance(TimeSpan.FromDays(1));
        _store.Keys.Expire(TimeSpan.FromHours(1));
        AssertThere(grant, 0);
    }

    [Fact]
    public void Dropped_units()
    {
        _store.Retain([new UnitRange(new KeyUnit(0, 0), 300)], 2);
        Assert.Equal(0, CountInFiles([.. new UnitRange(new KeyUnit(1, 0), 300).Units, .. new UnitRange(new KeyUnit(2, 0), 300).Units]));
        AssertWaitingUnitsThere();
    }

    [Fact]
    public void The_end_of_the_last_unit_that_a_short_key_does_not_take()
    {
        KeyGrant grant = SomeKeys.Grant(_store, 128);
        Assert.Equal(0, CountInFiles(grant.Units[0].Units, unit => unit.AsSpan(16)));
        Assert.Equal(1, CountInFiles(grant.Units[0].Units, unit => unit.AsSpan(0, 16)));
    }

    [Fact]
    public void A_link_state_that_was_replaced()
    {
        byte[] Long(ulong seed) => SomeKeys.KeyOf(seed, 700);
        _store.Save(Long(1000), 0, []);
        _store.Save(Long(2000), 0, []);
        Assert.Equal(0, CountInFiles(new UnitRange(new KeyUnit(1000, 0), 700).Units));
        Assert.InRange(CountInFiles(new UnitRange(new KeyUnit(2000, 0), 700).Units), 600, 700);
    }

    private delegate ReadOnlySpan<byte> PartOf(byte[] unit);

    // Some lie across the end of a page.
    private void AssertThere(KeyGrant grant, int units) => Assert.InRange(CountInFiles(grant.Units.SelectMany(range => range.Units)), units * 9 / 10, units);

    private void AssertWaitingUnitsThere() =>
        Assert.InRange(CountInFiles(_store.Available().SelectMany(range => range.Units)), _store.StoredUnits * 9 / 10, _store.StoredUnits);

    private int CountInFiles(IEnumerable<KeyUnit> units, PartOf? part = null)
    {
        // SQLite's locks are the process's: a copy leaves them, opening and closing the file here would not matter to the one process of this test.
        byte[][] files = [.. Directory.GetFiles(_folder.Path).Select(File.ReadAllBytes)];
        Assert.NotEmpty(files);
        return units.Count(unit => files.Any(file => file.AsSpan().IndexOf(part is null ? SomeKeys.UnitOf(unit) : part(SomeKeys.UnitOf(unit))) >= 0));
    }
}
