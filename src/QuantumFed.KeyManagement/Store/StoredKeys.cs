using System.Security.Cryptography;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>
/// The keys that units of the pool were made into. At the master's end a key is set aside, then delivered; at the slaves' end it is granted, and each slave
/// retrieves it once. Every step is one transaction, and a key leaves the file before it leaves this object. Thread safe.
/// </summary>
internal sealed class StoredKeys(StoreSession session, TimeProvider time)
{
    /// <summary>Takes the oldest units for new keys with random ids, and sets the keys aside; null if there are not enough units.</summary>
    /// <param name="number">How many keys.</param>
    /// <param name="sizeInBits">The size of each.</param>
    /// <param name="master">Who obtains them.</param>
    /// <param name="slaves">Who may retrieve them.</param>
    /// <param name="granted">Whether the slaves are at this end: then the keys are granted at once; otherwise they wait for <see cref="Deliver"/>.</param>
    public IReadOnlyList<KeyGrant>? TrySetAside(int number, int sizeInBits, MemberId master, IReadOnlyList<MemberId> slaves, bool granted) => session.InTransaction(() =>
    {
        int units = KeyUnit.UnitsFor(sizeInBits);
        List<KeyUnit> taken = session.Positions("SELECT position FROM units ORDER BY position LIMIT $count", ("$count", (long)number * units));
        if (taken.Count < (long)number * units)
            return null;
        var grants = new List<KeyGrant>(number);
        for (int i = 0; i < number; i++)
        {
            var grant = new KeyGrant(NewId(), sizeInBits, UnitRange.Of(taken.Skip(i * units).Take(units)), master, slaves);
            Consume(grant, granted);
            grants.Add(grant);
        }
        return (IReadOnlyList<KeyGrant>)grants;
    });

    /// <summary>Takes the units that the other end says, and sets the keys aside or grants them; <see langword="false"/>, with nothing done, if a unit is not here.</summary>
    public bool TryTake(IReadOnlyList<KeyGrant> grants, bool granted) => session.InTransaction(() =>
    {
        // A few bytes can name millions of units: no more of them are looked at than are here.
        if (grants.Sum(grant => grant.Units.Sum(range => (long)range.Count)) > session.StoredUnits || grants.DistinctBy(grant => grant.Id).Count() != grants.Count)
            return false;
        KeyUnit[] units = [.. grants.SelectMany(grant => grant.Units).SelectMany(range => range.Units)];
        if (units.Distinct().Count() != units.Length
            || units.Any(unit => session.Scalar("SELECT 1 FROM units WHERE position = $position", ("$position", unit.Position)) is null)
            || grants.Any(grant => session.Scalar("SELECT 1 FROM keys WHERE id = $id", ("$id", grant.Id.ToArray())) is not null))
            return false;
        foreach (KeyGrant grant in grants)
            Consume(grant, granted);
        return true;
    });

    /// <summary>Hands out keys that were set aside, once.</summary>
    public IReadOnlyList<DeliveredKey> Deliver(IReadOnlyList<KeyGrant> grants) => HandOut(keys =>
    {
        foreach (KeyGrant grant in grants)
        {
            keys.Add(Read(grant.Id, grant.Master, granted: false) ?? throw new InvalidOperationException($"Key {grant.Id} was not set aside here."));
            Remove(grant.Id);
        }
    });

    /// <summary>Gives up keys that were set aside: their units are lost, for the other end may have granted them.</summary>
    public void Discard(IReadOnlyList<KeyGrant> grants) => session.InTransaction(() =>
    {
        foreach (KeyGrant grant in grants)
            Remove(grant.Id);
        return true;
    });

    /// <summary>Hands a slave the keys that it was granted, in the order asked for; all of them or none.</summary>
    /// <exception cref="KeyDeliveryException">One is unknown, was fetched before, or is not the slave's.</exception>
    public IReadOnlyList<DeliveredKey> Retrieve(MemberId slave, MemberId master, IReadOnlyList<QuantumKeyId> ids) => HandOut(keys =>
    {
        // What is asked for twice in one breath is used the second time.
        if (ids.Distinct().Count() != ids.Count)
            throw Unknown();
        foreach (QuantumKeyId id in ids)
        {
            object? owner = session.Scalar("SELECT master FROM keys WHERE id = $id AND granted = 1", ("$id", id.ToArray()));
            object? fetched = session.Scalar("SELECT fetched FROM slaves WHERE id = $id AND name = $name", ("$id", id.ToArray()), ("$name", slave.Name));
            if (owner is null || fetched is 1L)
                throw Unknown();
            if (fetched is null || (string)owner != master.Name)
                throw new KeyDeliveryException(KeyDeliveryFailure.NotGranted, $"a key was not granted to '{slave}' by '{master}'");
        }
        foreach (QuantumKeyId id in ids)
        {
            keys.Add(Read(id, master, granted: true)!);
            session.Run("UPDATE slaves SET fetched = 1 WHERE id = $id AND name = $name", ("$id", id.ToArray()), ("$name", slave.Name));
            if (session.Scalar("SELECT 1 FROM slaves WHERE id = $id AND fetched = 0", ("$id", id.ToArray())) is null)
                Remove(id);
        }
    });

    /// <summary>Erases granted keys that nobody fetched for so long; returns how many.</summary>
    public int Expire(TimeSpan age) => session.InTransaction(() =>
    {
        long before = (time.GetUtcNow() - age).ToUnixTimeSeconds();
        session.Run("DELETE FROM slaves WHERE id IN (SELECT id FROM keys WHERE granted = 1 AND since < $before)", ("$before", before));
        return session.Run("DELETE FROM keys WHERE granted = 1 AND since < $before", ("$before", before));
    });

    // The disk may refuse at the last moment: then what was read is erased, not delivered.
    private List<DeliveredKey> HandOut(Action<List<DeliveredKey>> work)
    {
        var keys = new List<DeliveredKey>();
        try
        {
            return session.InTransaction(() =>
            {
                work(keys);
                return keys;
            });
        }
        catch
        {
            keys.ForEach(key => key.Dispose());
            throw;
        }
    }

    private static KeyDeliveryException Unknown() => new(KeyDeliveryFailure.UnknownKey, "one or more keys specified are not found on KME");

    private void Consume(KeyGrant grant, bool granted)
    {
        byte[] secret = GC.AllocateArray<byte>(KeyUnit.UnitsFor(grant.SizeInBits) * KeyUnit.SizeInBytes, pinned: true), key = [];
        try
        {
            int written = 0;
            foreach (KeyUnit unit in grant.Units.SelectMany(range => range.Units))
            {
                byte[] part = CheckedSecret.ReadUnit(
                    unit.Position, (byte[])session.Scalar("SELECT secret FROM units WHERE position = $position", ("$position", unit.Position))!);
                part.CopyTo(secret.AsSpan(written));
                written += KeyUnit.SizeInBytes;
                CryptographicOperations.ZeroMemory(part);
                session.Run("DELETE FROM units WHERE position = $position", ("$position", unit.Position));
            }
            key = CheckedSecret.OfKey(grant.Id.ToArray(), grant.Master.Name, granted, secret.AsSpan(0, grant.SizeInBits / 8));
            session.Run(
                "INSERT INTO keys (id, bits, master, granted, since, secret) VALUES ($id, $bits, $master, $granted, $since, $secret)",
                ("$id", grant.Id.ToArray()), ("$bits", grant.SizeInBits), ("$master", grant.Master.Name), ("$granted", granted ? 1 : 0),
                ("$since", time.GetUtcNow().ToUnixTimeSeconds()), ("$secret", key));
            foreach (MemberId slave in granted ? grant.Slaves : [])
                session.Run("INSERT INTO slaves (id, name, fetched) VALUES ($id, $name, 0)", ("$id", grant.Id.ToArray()), ("$name", slave.Name));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private DeliveredKey? Read(QuantumKeyId id, MemberId master, bool granted)
    {
        if (session.Scalar("SELECT secret FROM keys WHERE id = $id", ("$id", id.ToArray())) is not byte[] stored)
            return null;
        byte[] secret = CheckedSecret.ReadKey(id.ToArray(), master.Name, granted, stored);
        var key = new DeliveredKey(id, secret);
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    private void Remove(QuantumKeyId id)
    {
        session.Run("DELETE FROM slaves WHERE id = $id", ("$id", id.ToArray()));
        session.Run("DELETE FROM keys WHERE id = $id", ("$id", id.ToArray()));
    }

    // Version 4 of RFC 9562: 122 random bits.
    private static QuantumKeyId NewId()
    {
        Span<byte> id = stackalloc byte[QuantumKeyId.SizeInBytes];
        RandomNumberGenerator.Fill(id);
        id[6] = (byte)(id[6] & 0x0f | 0x40);
        id[8] = (byte)(id[8] & 0x3f | 0x80);
        return new QuantumKeyId(id);
    }
}
