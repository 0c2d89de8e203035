using System.Security.Cryptography;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>Stores with known content: unit i of block b is the digest of (b, i), so that a test can tell every key from its units.</summary>
internal static class SomeKeys
{
    public const string End = "link-1/alice";
    public static readonly MemberId Master = MemberId.Parse("sae-1");
    public static readonly MemberId Slave = MemberId.Parse("sae-2");
    public static readonly MemberId OtherSlave = MemberId.Parse("sae-3");

    public static KeyStore Open(string path, long capacity = 1 << 20, TimeProvider? time = null) => KeyStore.Open(path, End, capacity, time ?? TimeProvider.System);

    /// <summary>Opens a new store with so many units in each of blocks 0, 1, 2, ...</summary>
    public static KeyStore New(string path, params int[] unitsOfBlocks)
    {
        KeyStore store = Open(path);
        for (int block = 0; block < unitsOfBlocks.Length; block++)
            store.Save([1, 2, 3], (ulong)block, KeyOf((ulong)block, unitsOfBlocks[block]));
        return store;
    }

    public static byte[] KeyOf(ulong block, int units) => [.. Enumerable.Range(0, units).SelectMany(index => UnitOf(new KeyUnit(block, (uint)index)))];

    public static byte[] UnitOf(KeyUnit unit) => SHA256.HashData([.. BitConverter.GetBytes(unit.Block), .. BitConverter.GetBytes(unit.Index)]);

    /// <summary>What a key must be.</summary>
    public static byte[] KeyOf(KeyGrant grant) => [.. grant.Units.SelectMany(range => range.Units).SelectMany(UnitOf).Take(grant.SizeInBits / 8)];

    /// <summary>Sets one key aside and grants it.</summary>
    public static KeyGrant Grant(KeyStore store, int sizeInBits = 256, params MemberId[] slaves) =>
        Assert.Single(store.Keys.TrySetAside(1, sizeInBits, Master, slaves.Length == 0 ? [Slave] : slaves, granted: true)!);

    public static KeyGrant SetAside(KeyStore store, int sizeInBits = 256) =>
        Assert.Single(store.Keys.TrySetAside(1, sizeInBits, Master, [Slave], granted: false)!);

    public static byte[] Deliver(KeyStore store, KeyGrant grant) => Secret(store.Keys.Deliver([grant]));

    public static byte[] Retrieve(KeyStore store, QuantumKeyId id, MemberId? slave = null) => Secret(store.Keys.Retrieve(slave ?? Slave, Master, [id]));

    public static KeyDeliveryFailure FailureOf(KeyStore store, params QuantumKeyId[] ids) =>
        Assert.Throws<KeyDeliveryException>(() => store.Keys.Retrieve(Slave, Master, ids)).Failure;

    /// <summary>Whether it waits for its slave; asked by a stranger, it stays.</summary>
    public static bool HasGranted(KeyStore store, QuantumKeyId id) =>
        Assert.Throws<KeyDeliveryException>(() => store.Keys.Retrieve(MemberId.Parse("stranger"), Master, [id])).Failure == KeyDeliveryFailure.NotGranted;

    private static byte[] Secret(IReadOnlyList<DeliveredKey> keys)
    {
        using DeliveredKey key = Assert.Single(keys);
        return key.Secret.ToArray();
    }
}
