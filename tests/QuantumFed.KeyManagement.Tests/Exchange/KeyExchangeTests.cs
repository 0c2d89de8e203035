using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>Two ends over TLS: the same keys at both, none twice, whatever is cut.</summary>
public sealed class KeyExchangeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _files;

    public void Dispose() => _folder.Dispose();

    private LinkEnd End(bool allots, params int[] unitsOfBlocks) => new(_folder.File($"keys-{_files++}"), allots, unitsOfBlocks);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_is_the_same_at_both_ends_and_delivered_once_at_each(bool masterAllots)
    {
        Requires.PostQuantum();
        await using LinkEnd allotting = End(true, 20, 20), other = End(false, 20, 20);
        await using MessagePair pair = await ConnectAsync(allotting, other);
        (LinkEnd master, LinkEnd slave) = masterAllots ? (allotting, other) : (other, allotting);
        foreach (int size in (int[])[8, 256, 1000])
        {
            IReadOnlyList<DeliveredKey> obtained = await master.ObtainAsync(3, size);
            Assert.Equal(3, obtained.Count);
            QuantumKeyId[] ids = [.. obtained.Select(key => key.Id)];
            IReadOnlyList<DeliveredKey> retrieved = await slave.RetrieveAsync(master.Own, ids);
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(size / 8, obtained[i].Secret.Length);
                Assert.Equal(obtained[i].Secret.ToArray(), retrieved[i].Secret.ToArray());
            }
            Assert.Equal(KeyDeliveryFailure.UnknownKey, (await Assert.ThrowsAsync<KeyDeliveryException>(() => slave.RetrieveAsync(master.Own, ids[1]))).Failure);
            await Assert.ThrowsAsync<KeyDeliveryException>(() => master.RetrieveAsync(slave.Own, ids[0]));
        }
        Assert.Equal(allotting.Store.Available(), other.Store.Available());
        Assert.Equal(new KeyPoolStatus(22 * 256, (1 << 20) * 256L, null), master.Exchange.Status);
    }

    [Fact]
    public async Task Masters_at_both_ends_at_the_same_time_never_get_the_same()
    {
        Requires.PostQuantum();
        await using LinkEnd allotting = End(true, 300), other = End(false, 300);
        await using MessagePair pair = await ConnectAsync(allotting, other);
        Task<IReadOnlyList<DeliveredKey>>[] here = [.. Enumerable.Range(0, 40).Select(_ => Task.Run(() => allotting.ObtainAsync(2)))];
        Task<IReadOnlyList<DeliveredKey>>[] there = [.. Enumerable.Range(0, 40).Select(_ => Task.Run(() => other.ObtainAsync(2)))];
        DeliveredKey[] atAllotting = [.. (await Task.WhenAll(here)).SelectMany(keys => keys)], atOther = [.. (await Task.WhenAll(there)).SelectMany(keys => keys)];
        Assert.Equal(160, atAllotting.Concat(atOther).Select(Text).Distinct().Count());
        Assert.Equal(atAllotting.Select(Text), (await other.RetrieveAsync(allotting.Own, [.. atAllotting.Select(key => key.Id)])).Select(Text));
        Assert.Equal(atOther.Select(Text), (await allotting.RetrieveAsync(other.Own, [.. atOther.Select(key => key.Id)])).Select(Text));
        Assert.Equal([new UnitRange(new KeyUnit(0, 160), 140)], allotting.Store.Available());
        Assert.Equal(allotting.Store.Available(), other.Store.Available());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Unknown_applications_cost_no_unit(bool masterAllots)
    {
        Requires.PostQuantum();
        await using LinkEnd allotting = End(true, 5), other = End(false, 5);
        await using MessagePair pair = await ConnectAsync(allotting, other);
        LinkEnd master = masterAllots ? allotting : other;
        MemberId stranger = MemberId.Parse("stranger");
        (MemberId Master, MemberId[] Slaves)[] asked =
            [(stranger, [master.Others[0]]), (master.Own, [stranger]), (master.Own, [master.Others[0], stranger]), (master.Others[0], [master.Others[0]]), (master.Own, [master.Own]),
             (master.Own, []), (master.Own, [master.Others[0], master.Others[0]])];
        foreach ((MemberId name, MemberId[] slaves) in asked)
        {
            KeyDeliveryException refused = await Assert.ThrowsAsync<KeyDeliveryException>(
                () => master.Exchange.ObtainAsync(name, slaves, 1, 256, TestContext.Current.CancellationToken));
            Assert.Equal(KeyDeliveryFailure.NotGranted, refused.Failure);
        }
        Assert.Equal((5, 5), (allotting.Store.StoredUnits, other.Store.StoredUnits));
    }

    [Theory]
    [InlineData(0, 256)]
    [InlineData(1025, 256)]
    [InlineData(1, 0)]
    [InlineData(1, 12)]
    [InlineData(1, 4096 * 256 + 8)]
    [InlineData(1, int.MaxValue - 7)]
    [InlineData(257, 4096 * 256)]
    public async Task More_than_a_message_holds_is_an_argument_out_of_range(int number, int sizeInBits)
    {
        await using LinkEnd end = End(true, 1);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => end.ObtainAsync(number, sizeInBits));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Too_few_units_say_so_and_why_the_link_brings_none(bool masterAllots)
    {
        Requires.PostQuantum();
        await using LinkEnd allotting = End(true, 2), other = End(false, 2);
        await using MessagePair pair = await ConnectAsync(allotting, other);
        LinkEnd master = masterAllots ? allotting : other;
        Assert.Equal(KeyDeliveryFailure.NoneAvailable, (await Assert.ThrowsAsync<KeyDeliveryException>(() => master.ObtainAsync(3))).Failure);
        master.Alarm = "11 of 100 bits were wrong";
        KeyDeliveryException failure = await Assert.ThrowsAsync<KeyDeliveryException>(() => master.ObtainAsync(3));
        Assert.Equal(KeyDeliveryFailure.LinkAlarm, failure.Failure);
        Assert.Contains("11 of 100 bits were wrong", failure.Message, StringComparison.Ordinal);
        Assert.Equal("11 of 100 bits were wrong", master.Exchange.Status.Alarm);
        // What waits is given out even so.
        Assert.Equal(2, (await master.ObtainAsync(2)).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_the_other_end_no_unit_is_taken_but_granted_keys_are_retrieved(bool allots)
    {
        Requires.PostQuantum();
        await using LinkEnd allotting = End(true, 4), other = End(false, 4);
        (LinkEnd end, LinkEnd peer) = allots ? (allotting, other) : (other, allotting);
        Assert.Equal(KeyDeliveryFailure.PeerAway, await end.FailureAsync());
        MessagePair pair = await ConnectAsync(allotting, other);
        DeliveredKey granted = Assert.Single(await peer.ObtainAsync());
        await pair.DisposeAsync();
        await Assert.ThrowsAsync<MessageConnectionException>(() => end.Serving);
        Assert.False(end.Exchange.IsConnected);
        Assert.Equal(KeyDeliveryFailure.PeerAway, await end.FailureAsync());
        Assert.Equal(3, end.Store.StoredUnits);
        Assert.Equal(Text(granted), Text(Assert.Single(await end.RetrieveAsync(peer.Own, granted.Id))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cut_at_any_message_no_key_is_at_one_master_alone_and_both_ends_agree_again(bool masterAllots)
    {
        Requires.PostQuantum();
        await using LinkEnd allotting = End(true, 30, 30), other = End(false, 30, 30);
        (LinkEnd master, LinkEnd slave) = masterAllots ? (allotting, other) : (other, allotting);
        HashSet<string> seen = [];
        // Messages 0 and 1 are the pools, 2 the request, 3 its answer: cut before each, and after all.
        for (int messages = 0; messages <= 4; messages++)
        {
            await using Relay relay = await Relay.BetweenAsync(allotting, other, messages);
            if (messages > 2)
            {
                await allotting.UntilConnectedAsync();
                await other.UntilConnectedAsync();
            }
            IReadOnlyList<DeliveredKey> keys = [];
            try
            {
                keys = await master.ObtainAsync(2, 512);
            }
            catch (KeyDeliveryException failure)
            {
                Assert.Equal(KeyDeliveryFailure.PeerAway, failure.Failure);
            }
            Assert.Equal(messages >= 4 ? 2 : 0, keys.Count);
            relay.Cut();
            await Assert.ThrowsAsync<MessageConnectionException>(() => allotting.Serving);
            await Assert.ThrowsAsync<MessageConnectionException>(() => other.Serving);
            await AssertSameAtAsync(slave, master, keys, seen);
            // Again, and whole.
            await using MessagePair pair = await ConnectAsync(allotting, other);
            Assert.Equal(allotting.Store.Available(), other.Store.Available());
            await AssertSameAtAsync(slave, master, await master.ObtainAsync(1, 512), seen);
            await AssertSameAtAsync(master, slave, await slave.ObtainAsync(1, 512), seen);
            await pair.DisposeAsync();
            await Assert.ThrowsAsync<MessageConnectionException>(() => allotting.Serving);
            await Assert.ThrowsAsync<MessageConnectionException>(() => other.Serving);
        }
    }

    private static async Task<MessagePair> ConnectAsync(LinkEnd allotting, LinkEnd other)
    {
        MessagePair pair = await MessagePair.NewAsync();
        allotting.Serve(pair.Dialled);
        other.Serve(pair.Accepted);
        await allotting.UntilConnectedAsync();
        await other.UntilConnectedAsync();
        return pair;
    }

    private static async Task AssertSameAtAsync(LinkEnd slave, LinkEnd master, IReadOnlyList<DeliveredKey> keys, HashSet<string> seen)
    {
        foreach (DeliveredKey key in keys)
        {
            Assert.True(seen.Add(Text(key)));
            Assert.Equal(Text(key), Text(Assert.Single(await slave.RetrieveAsync(master.Own, key.Id))));
        }
    }

    private static string Text(DeliveredKey key) => Convert.ToHexString(key.Secret);
}
