using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>A store on a disk that fills up.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public void A_full_disk_loses_nothing_and_the_store_goes_on_when_there_is_room()
    {
        using SmallDisk disk = SmallDisk.OfKilobytes(256);
        string path = Path.Combine(disk.Root, "keys"), ballast = Path.Combine(disk.Root, "ballast");
        using KeyStore store = SomeKeys.New(path, 500);
        KeyGrant granted = SomeKeys.Grant(store), aside = SomeKeys.SetAside(store);
        Fill(ballast);
        AssertFull(() => store.Save([9], 1, SomeKeys.KeyOf(1, 100)));
        AssertFull(() => SomeKeys.SetAside(store, 300 * 256));
        AssertFull(() => SomeKeys.Retrieve(store, granted.Id));
        AssertFull(() => SomeKeys.Deliver(store, aside));
        // Nothing happened, and reading needs no room.
        Assert.Equal([1, 2, 3], store.ReadLinkState());
        Assert.Equal(0ul, store.LastBlock);
        Assert.Equal([new UnitRange(new KeyUnit(0, 2), 498)], store.Available());
        Assert.Equal(498, store.StoredUnits);
        File.Delete(ballast);
        Assert.Equal(SomeKeys.KeyOf(granted), SomeKeys.Retrieve(store, granted.Id));
        Assert.Equal(SomeKeys.KeyOf(aside), SomeKeys.Deliver(store, aside));
        store.Save([7], 1, SomeKeys.KeyOf(1, 100));
        KeyGrant next = SomeKeys.SetAside(store, 598 * 256);
        Assert.Equal(SomeKeys.KeyOf(next), SomeKeys.Deliver(store, next));
    }

    [Fact]
    public void On_a_full_disk_no_store_is_made_and_none_is_opened()
    {
        using SmallDisk disk = SmallDisk.OfKilobytes(256);
        string path = Path.Combine(disk.Root, "keys"), ballast = Path.Combine(disk.Root, "ballast");
        Fill(ballast);
        Assert.Contains("disk is full", Assert.Throws<KeyStoreException>(() => SomeKeys.Open(path)).Message, StringComparison.Ordinal);
        Assert.Equal([ballast], Directory.GetFiles(disk.Root));
        File.Delete(ballast);
        SomeKeys.New(path, 3).Dispose();
    }

    [Fact]
    public async Task A_route_that_cannot_keep_its_keys_says_so_and_waits_for_room()
    {
        using SmallDisk disk = SmallDisk.OfKilobytes(256);
        using KeyStore store = SomeKeys.New(Path.Combine(disk.Root, "keys"), 500);
        Fill(Path.Combine(disk.Root, "ballast"));
        MemberId[] nodes = [Consortium.MemberName, MemberId.Parse("relay"), Consortium.CoordinatorName];
        RelayRoute route = new("route-1", nodes);
        ManualTime time = new(DateTimeOffset.UnixEpoch.AddYears(56));
        await using RelayNode node = new(route, Consortium.Member, new RelayNeighbour(nodes[1], "127.0.0.1", 1, new NoKeys()), null, time, NullLogger.Instance);
        LinkAlarm alarm = new();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task running = new RelayOrigin(route, node, store, alarm, new LinkFigures("route-1", "kme-a", false, time), time, NullLogger.Instance).RunAsync(stop.Token);
        // It pauses, or it has ended.
        await Task.WhenAny(running, time.Armed.WaitAsync(TestContext.Current.CancellationToken));
        Assert.False(running.IsCompleted);
        Assert.Contains("disk is full", alarm.Reason, StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static void AssertFull(Action change) => Assert.Contains("disk is full", Assert.Throws<KeyStoreException>(change).Message, StringComparison.Ordinal);

    private static void Fill(string path)
    {
        using FileStream file = new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 });
        try
        {
            while (true)
                file.Write(new byte[1024]);
        }
        catch (IOException)
        {
            // Full, as wanted.
        }
    }

    private sealed class NoKeys : IQuantumKeySource
    {
        public Task<QuantumKeyStatus> ReadStatusAsync(MemberId slave, CancellationToken cancellationToken) => throw new QuantumKeyException(LinkFailure.Unreachable, "none");

        public Task<QuantumKey> ObtainAsync(MemberId slave, CancellationToken cancellationToken) => throw new QuantumKeyException(LinkFailure.Unreachable, "none");

        public Task<QuantumKey> RetrieveAsync(MemberId master, QuantumKeyId id, CancellationToken cancellationToken) => throw new QuantumKeyException(LinkFailure.Unreachable, "none");
    }
}
