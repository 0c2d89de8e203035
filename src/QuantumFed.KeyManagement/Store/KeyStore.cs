using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>
/// One end's keys on disk: the pool, the keys granted to applications, and the state of the link's distillation, in one SQLite file that only its owner reads.
/// Every method is one transaction that is on the disk before it returns, so a crash leaves either all of it or nothing; what was handed out is gone
/// from the file first. Thread safe.
/// </summary>
public sealed class KeyStore : IDisposable
{
    private readonly StoreSession _session;

    private KeyStore(StoreSession session, long capacity, TimeProvider time) =>
        (_session, CapacityInUnits, Keys) = (session, capacity, new StoredKeys(session, time));

    /// <summary>How many units are enough: when so many wait, the link rests until some are taken.</summary>
    public long CapacityInUnits { get; }

    /// <summary>
    /// Whether the link should rest before its next block. A block that both ends have settled is saved even so: refusing it would lose it at one end, and
    /// with it the state that says which authentication keys are spent.
    /// </summary>
    public bool IsFull => StoredUnits >= CapacityInUnits;

    /// <summary>The units that wait.</summary>
    public long StoredUnits => _session.StoredUnits;

    /// <summary>The keys that were made of units.</summary>
    internal StoredKeys Keys { get; }

    /// <summary>Opens a store, or makes one.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="end">The link and the end that it belongs to: another's store is refused.</param>
    /// <param name="capacityInUnits">How many units are enough; what is there already stays.</param>
    /// <param name="time">The clock of grants.</param>
    /// <exception cref="KeyStoreException">It is damaged, another's, of another version, or in use; the message says which.</exception>
    public static KeyStore Open(string path, string end, long capacityInUnits, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(end);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacityInUnits);
        SqliteConnection connection = KeyStoreFile.Open(path, end);
        try
        {
            return new KeyStore(new StoreSession(connection), capacityInUnits, time);
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw KeyStoreFile.Explain(error, path);
        }
    }

    /// <summary>The state of the distillation that was saved last, or null. Secret: the caller zeroes it.</summary>
    public byte[]? ReadLinkState() => _session.InTransaction(() => _session.Scalar("SELECT value FROM state WHERE name = 'link'") as byte[]);

    /// <summary>The last block that brought key, or null.</summary>
    public ulong? LastBlock => _session.InTransaction(() => _session.Scalar("SELECT MAX(number) FROM blocks") is long number ? (ulong?)number : null);

    /// <summary>Saves the distillation's state, and with it what a block brought: whole units; the rest is dropped.</summary>
    /// <param name="linkState">The state.</param>
    /// <param name="block">The block, not one that was saved with a key before; its number is ignored where there is no key.</param>
    /// <param name="key">Its key, or nothing.</param>
    /// <exception cref="KeyStoreException">The disk is full, or refuses.</exception>
    public void Save(ReadOnlySpan<byte> linkState, ulong block, ReadOnlySpan<byte> key)
    {
        byte[] state = linkState.ToArray(), secret = key.ToArray();
        try
        {
            _session.InTransaction(() =>
            {
                _session.Run("INSERT OR REPLACE INTO state (name, value) VALUES ('link', $value)", ("$value", state));
                if (secret.Length > 0)
                    AddBlock(block, secret);
                return true;
            });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(state);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>The units that wait, ascending.</summary>
    public IReadOnlyList<UnitRange> Available() => Pool().Units;

    /// <summary>
    /// What the other end is to <see cref="Retain"/>, at one moment: were a block saved between the two answers, the other end would drop its units.
    /// </summary>
    internal (IReadOnlyList<UnitRange> Units, ulong? LastBlock) Pool() => _session.InTransaction(() => (
        UnitRange.Of(_session.Positions("SELECT position FROM units ORDER BY position")),
        _session.Scalar("SELECT MAX(number) FROM blocks") is long number ? (ulong?)number : null));

    /// <summary>
    /// Drops what the other end does not have: what only one end has is no key. Blocks that only one end has settled yet are left alone.
    /// </summary>
    /// <param name="other">The units that wait at the other end.</param>
    /// <param name="otherLastBlock">The last block that the other end has settled.</param>
    /// <returns>How many units were dropped.</returns>
    public int Retain(IEnumerable<UnitRange> other, ulong? otherLastBlock)
    {
        // Ranges, not units: a few bytes can name millions.
        var known = new PositionRanges(other);
        return _session.InTransaction(() =>
        {
            long last = _session.Scalar("SELECT MAX(number) FROM blocks") is long own && otherLastBlock is { } theirs ? Math.Min(own, (long)Math.Min(theirs, KeyUnit.LastBlock)) : -1;
            KeyUnit[] lost = [.. _session.Positions("SELECT position FROM units ORDER BY position").Where(unit => (long)unit.Block <= last && !known.Contains(unit.Position))];
            foreach (KeyUnit unit in lost)
                _session.Run("DELETE FROM units WHERE position = $position", ("$position", unit.Position));
            return lost.Length;
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private void AddBlock(ulong block, byte[] key)
    {
        if (block > KeyUnit.LastBlock || key.Length / KeyUnit.SizeInBytes >= 1 << KeyUnit.IndexBits)
            throw new ArgumentOutOfRangeException(nameof(block), block, "The block cannot be numbered.");
        if (_session.Run("INSERT OR IGNORE INTO blocks (number) VALUES ($number)", ("$number", (long)block)) == 0)
            throw new KeyStoreException($"Block {block} has brought its key before; its key is not stored twice.");
        for (int i = 0; i < key.Length / KeyUnit.SizeInBytes; i++)
        {
            long position = new KeyUnit(block, (uint)i).Position;
            byte[] unit = CheckedSecret.OfUnit(position, key.AsSpan(i * KeyUnit.SizeInBytes, KeyUnit.SizeInBytes));
            try
            {
                _session.Run("INSERT INTO units (position, secret) VALUES ($position, $secret)", ("$position", position), ("$secret", unit));
            }
            finally
            {
                CryptographicOperations.ZeroMemory(unit);
            }
        }
    }
}
