using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>What goes in comes out once, in order, and a store that is opened again goes on where it was.</summary>
public sealed class KeyStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("keys");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keys_take_the_oldest_units_in_order_and_exactly()
    {
        using KeyStore store = SomeKeys.New(File, 3, 0, 2, 4);
        KeyGrant first = SomeKeys.SetAside(store, 512), second = SomeKeys.SetAside(store, 1024);
        Assert.Equal([new UnitRange(new KeyUnit(0, 0), 2)], first.Units);
        Assert.Equal([new UnitRange(new KeyUnit(0, 2), 1), new UnitRange(new KeyUnit(2, 0), 2), new UnitRange(new KeyUnit(3, 0), 1)], second.Units);
        Assert.Equal([new UnitRange(new KeyUnit(3, 1), 3)], store.Available());
        Assert.Equal(3, store.StoredUnits);
        Assert.Equal(SomeKeys.KeyOf(second), SomeKeys.Deliver(store, second));
        Assert.Equal(SomeKeys.KeyOf(first), SomeKeys.Deliver(store, first));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(248)]
    [InlineData(256)]
    [InlineData(264)]
    [InlineData(4096)]
    [InlineData(KeyGrant.MostUnits * KeyUnit.SizeInBits)]
    public void A_key_of_any_size_has_its_bytes_and_takes_whole_units(int sizeInBits)
    {
        int units = (sizeInBits + 255) / 256;
        using KeyStore store = SomeKeys.New(File, units, 1);
        KeyGrant grant = SomeKeys.Grant(store, sizeInBits);
        Assert.Equal(1, store.StoredUnits);
        Assert.Equal(SomeKeys.KeyOf(0, units)[..(sizeInBits / 8)], SomeKeys.Retrieve(store, grant.Id));
    }

    [Fact]
    public void There_are_all_keys_or_none()
    {
        using KeyStore store = SomeKeys.New(File, 5);
        Assert.Null(store.Keys.TrySetAside(3, 512, SomeKeys.Master, [SomeKeys.Slave], granted: false));
        Assert.Equal(5, store.StoredUnits);
        Assert.Equal(2, store.Keys.TrySetAside(2, 512, SomeKeys.Master, [SomeKeys.Slave], granted: false)!.Count);
    }

    [Fact]
    public void The_other_ends_units_are_taken_all_or_none()
    {
        using KeyStore store = SomeKeys.New(File, 5);
        KeyGrant Of(uint first, uint count) => new(new QuantumKeyId(Guid.NewGuid().ToByteArray()), (int)count * 256, [new UnitRange(new KeyUnit(0, first), count)], SomeKeys.Master, [SomeKeys.Slave]);
        KeyGrant good = Of(1, 2);
        Assert.False(store.Keys.TryTake([good, Of(4, 2)], granted: true));
        Assert.False(store.Keys.TryTake([good, Of(2, 1)], granted: true));
        Assert.False(store.Keys.TryTake([good, Of(3, 1) with { Id = good.Id }], granted: true));
        Assert.Equal([new UnitRange(new KeyUnit(0, 0), 5)], store.Available());
        Assert.True(store.Keys.TryTake([good], granted: true));
        Assert.False(store.Keys.TryTake([Of(3, 1) with { Id = good.Id }], granted: true));
        Assert.Equal([new UnitRange(new KeyUnit(0, 0), 1), new UnitRange(new KeyUnit(0, 3), 2)], store.Available());
        Assert.Equal(SomeKeys.KeyOf(good), SomeKeys.Retrieve(store, good.Id));
    }

    [Fact]
    public void A_blocks_key_is_stored_once_and_the_refused_state_with_it()
    {
        using KeyStore store = SomeKeys.New(File, 2, 2);
        SomeKeys.Deliver(store, SomeKeys.SetAside(store, 512));
        Assert.Contains("Block 0", Assert.Throws<KeyStoreException>(() => store.Save([9], 0, SomeKeys.KeyOf(0, 2))).Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], store.ReadLinkState());
        Assert.Equal([new UnitRange(new KeyUnit(1, 0), 2)], store.Available());
    }

    [Fact]
    public void What_is_less_than_a_unit_is_dropped()
    {
        using KeyStore store = SomeKeys.New(File);
        store.Save([1], 7, SomeKeys.KeyOf(7, 3).AsSpan(0, 95));
        Assert.Equal([new UnitRange(new KeyUnit(7, 0), 2)], store.Available());
        Assert.Equal(7ul, store.LastBlock);
    }

    [Fact]
    public void A_block_without_key_changes_the_state_alone()
    {
        using KeyStore store = SomeKeys.New(File);
        Assert.Null(store.ReadLinkState());
        store.Save([4, 5], 3, []);
        store.Save([6], 3, []);
        Assert.Equal([6], store.ReadLinkState());
        Assert.Null(store.LastBlock);
    }

    [Fact]
    public void A_block_that_cannot_be_numbered_is_refused_whole()
    {
        using KeyStore store = SomeKeys.New(File, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Save([9], KeyUnit.LastBlock + 1, new byte[32]));
        Assert.Equal([1, 2, 3], store.ReadLinkState());
        store.Save([9], KeyUnit.LastBlock, SomeKeys.KeyOf(KeyUnit.LastBlock, 1));
        Assert.Equal([new KeyUnit(0, 0), new KeyUnit(KeyUnit.LastBlock, 0)], store.Available().Select(range => range.First));
    }

    [Fact]
    public void A_settled_block_is_never_lost_to_the_capacity_which_says_when_to_rest()
    {
        using KeyStore store = SomeKeys.Open(File, capacity: 3);
        store.Save([1], 0, SomeKeys.KeyOf(0, 2));
        Assert.False(store.IsFull);
        store.Save([2], 1, SomeKeys.KeyOf(1, 2));
        Assert.True(store.IsFull);
        store.Save([3], 2, SomeKeys.KeyOf(2, 2));
        Assert.Equal((6, 3), (store.StoredUnits, store.CapacityInUnits));
        SomeKeys.SetAside(store, 4 * 256);
        Assert.False(store.IsFull);
    }

    [Fact]
    public void A_store_that_is_opened_again_goes_on_exactly()
    {
        KeyGrant granted, lost;
        using (KeyStore store = SomeKeys.New(File, 2, 3))
        {
            SomeKeys.Deliver(store, SomeKeys.SetAside(store));
            granted = SomeKeys.Grant(store, 256, SomeKeys.Slave, SomeKeys.OtherSlave);
            SomeKeys.Retrieve(store, granted.Id, SomeKeys.OtherSlave);
            lost = SomeKeys.SetAside(store);
        }
        using KeyStore again = SomeKeys.Open(File);
        Assert.Equal([1, 2, 3], again.ReadLinkState());
        Assert.Equal(1ul, again.LastBlock);
        Assert.Equal([new UnitRange(new KeyUnit(1, 1), 2)], again.Available());
        Assert.Equal(2, again.StoredUnits);
        Assert.Equal(SomeKeys.KeyOf(granted), SomeKeys.Retrieve(again, granted.Id));
        Assert.Equal(KeyDeliveryFailure.UnknownKey, SomeKeys.FailureOf(again, granted.Id));
        Assert.Throws<InvalidOperationException>(() => again.Keys.Deliver([lost]));
        Assert.Throws<KeyStoreException>(() => again.Save([9], 1, SomeKeys.KeyOf(1, 1)));
    }

    [Fact]
    public void A_key_that_was_set_aside_is_delivered_once_or_discarded()
    {
        using KeyStore store = SomeKeys.New(File, 3);
        KeyGrant first = SomeKeys.SetAside(store), second = SomeKeys.SetAside(store);
        Assert.Throws<InvalidOperationException>(() => store.Keys.Deliver([first, first]));
        SomeKeys.Deliver(store, first);
        Assert.Throws<InvalidOperationException>(() => store.Keys.Deliver([first]));
        store.Keys.Discard([second]);
        Assert.Throws<InvalidOperationException>(() => store.Keys.Deliver([second]));
        Assert.Equal([new UnitRange(new KeyUnit(0, 2), 1)], store.Available());
    }

    [Fact]
    public void A_closed_store_says_so()
    {
        KeyStore store = SomeKeys.New(File, 3);
        store.Dispose();
        store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => store.Available());
        Assert.Throws<ObjectDisposedException>(() => store.Save([1], 1, []));
    }
}
