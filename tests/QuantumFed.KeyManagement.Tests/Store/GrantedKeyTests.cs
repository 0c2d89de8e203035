using QuantumFed.Protocol;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>A granted key is retrieved once by each slave, and by nobody else.</summary>
public sealed class GrantedKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("keys");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_slave_retrieves_it_once()
    {
        using KeyStore store = SomeKeys.New(File, 3);
        KeyGrant grant = SomeKeys.Grant(store, 512, SomeKeys.Slave, SomeKeys.OtherSlave);
        Assert.Equal(SomeKeys.KeyOf(grant), SomeKeys.Retrieve(store, grant.Id));
        Assert.Equal(KeyDeliveryFailure.UnknownKey, SomeKeys.FailureOf(store, grant.Id));
        Assert.Equal(SomeKeys.KeyOf(grant), SomeKeys.Retrieve(store, grant.Id, SomeKeys.OtherSlave));
        Assert.Throws<KeyDeliveryException>(() => SomeKeys.Retrieve(store, grant.Id, SomeKeys.OtherSlave));
    }

    [Fact]
    public void Nobody_else_retrieves_it()
    {
        using KeyStore store = SomeKeys.New(File, 3);
        KeyGrant grant = SomeKeys.Grant(store), aside = SomeKeys.SetAside(store);
        KeyDeliveryFailure FailureOf(MemberId slave, MemberId master) => Assert.Throws<KeyDeliveryException>(() => store.Keys.Retrieve(slave, master, [grant.Id])).Failure;
        Assert.Equal(KeyDeliveryFailure.NotGranted, FailureOf(SomeKeys.OtherSlave, SomeKeys.Master));
        Assert.Equal(KeyDeliveryFailure.NotGranted, FailureOf(SomeKeys.Slave, SomeKeys.OtherSlave));
        Assert.Equal(KeyDeliveryFailure.UnknownKey, SomeKeys.FailureOf(store, aside.Id));
        Assert.Equal(SomeKeys.KeyOf(grant), SomeKeys.Retrieve(store, grant.Id));
    }

    [Fact]
    public void Keys_come_in_the_order_asked_for_all_or_none()
    {
        using KeyStore store = SomeKeys.New(File, 3);
        KeyGrant first = SomeKeys.Grant(store), second = SomeKeys.Grant(store), used = SomeKeys.Grant(store);
        SomeKeys.Retrieve(store, used.Id);
        Assert.Equal(KeyDeliveryFailure.UnknownKey, SomeKeys.FailureOf(store, first.Id, second.Id, used.Id));
        IReadOnlyList<DeliveredKey> keys = store.Keys.Retrieve(SomeKeys.Slave, SomeKeys.Master, [second.Id, first.Id]);
        Assert.Equal([second.Id, first.Id], keys.Select(key => key.Id));
        Assert.Equal(SomeKeys.KeyOf(second), keys[0].Secret.ToArray());
        Assert.Equal(SomeKeys.KeyOf(first), keys[1].Secret.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_key_asked_for_twice_at_once_is_not_delivered_twice(bool othersWait)
    {
        using KeyStore store = SomeKeys.New(File, 3);
        KeyGrant grant = othersWait ? SomeKeys.Grant(store, 256, SomeKeys.Slave, SomeKeys.OtherSlave) : SomeKeys.Grant(store);
        Assert.Equal(KeyDeliveryFailure.UnknownKey, SomeKeys.FailureOf(store, grant.Id, grant.Id));
        Assert.Equal(SomeKeys.KeyOf(grant), SomeKeys.Retrieve(store, grant.Id));
    }

    [Fact]
    public void A_key_that_nobody_fetches_expires_and_one_set_aside_does_not()
    {
        ManualTime time = new(DateTimeOffset.UnixEpoch.AddYears(56));
        using KeyStore store = SomeKeys.Open(File, time: time);
        store.Save([1], 0, SomeKeys.KeyOf(0, 4));
        KeyGrant old = SomeKeys.Grant(store), aside = SomeKeys.SetAside(store);
        time.Advance(TimeSpan.FromMinutes(10));
        KeyGrant young = SomeKeys.Grant(store);
        Assert.Equal(0, store.Keys.Expire(TimeSpan.FromMinutes(10)));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, store.Keys.Expire(TimeSpan.FromMinutes(10)));
        Assert.Equal(KeyDeliveryFailure.UnknownKey, SomeKeys.FailureOf(store, old.Id));
        Assert.Equal(SomeKeys.KeyOf(young), SomeKeys.Retrieve(store, young.Id));
        Assert.Equal(SomeKeys.KeyOf(aside), SomeKeys.Deliver(store, aside));
    }
}
