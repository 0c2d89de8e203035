using Microsoft.Data.Sqlite;

namespace QuantumFed.KeyManagement;

/// <summary>Transactions on a store's file, one at a time, each on the disk before it is over. Thread safe.</summary>
internal sealed class StoreSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();
    private long _stored;

    // Takes ownership.
    public StoreSession(SqliteConnection connection)
    {
        _connection = connection;
        _stored = CountUnits();
    }

    /// <summary>The units in the pool after the last transaction.</summary>
    public long StoredUnits => Volatile.Read(ref _stored);

    /// <summary>Does the work, all of it or nothing.</summary>
    /// <exception cref="KeyStoreException">The disk refuses; nothing was done.</exception>
    public T InTransaction<T>(Func<T> work)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_connection.State != System.Data.ConnectionState.Open, typeof(KeyStore));
            try
            {
                using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
                T result = work();
                long stored = CountUnits();
                transaction.Commit();
                Volatile.Write(ref _stored, stored);
                return result;
            }
            catch (SqliteException error)
            {
                throw KeyStoreFile.Explain(error, _connection.DataSource);
            }
        }
    }

    /// <summary>Units by their positions.</summary>
    public List<KeyUnit> Positions(string sql, params (string Name, object Value)[] parameters)
    {
        using SqliteCommand command = Command(sql, parameters);
        using SqliteDataReader reader = command.ExecuteReader();
        var units = new List<KeyUnit>();
        while (reader.Read())
            units.Add(KeyUnit.At(reader.GetInt64(0)));
        return units;
    }

    /// <summary>Changes rows; returns how many.</summary>
    public int Run(string sql, params (string Name, object Value)[] parameters)
    {
        using SqliteCommand command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row, or null.</summary>
    public object? Scalar(string sql, params (string Name, object Value)[] parameters)
    {
        using SqliteCommand command = Command(sql, parameters);
        return command.ExecuteScalar();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
            _connection.Dispose();
    }

    private long CountUnits() => (long)Scalar("SELECT COUNT(*) FROM units")!;

    private SqliteCommand Command(string sql, (string Name, object Value)[] parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
