using Microsoft.Data.Sqlite;

namespace QuantumFed.KeyManagement;

/// <summary>The SQLite file of a <see cref="KeyStore"/>: its settings, its version, whose it is, and what its errors mean.</summary>
internal static class KeyStoreFile
{
    private const long Version = 1;

    // "QFKS", so that another program's database is not taken for a store.
    private const long ApplicationId = 0x51464B53;

    // SQLite's result codes.
    private const int Busy = 5, Locked = 6, ReadOnly = 8, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    private const string Schema = """
        CREATE TABLE owner (end TEXT NOT NULL);
        CREATE TABLE state (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE blocks (number INTEGER PRIMARY KEY);
        CREATE TABLE units (position INTEGER PRIMARY KEY, secret BLOB NOT NULL);
        CREATE TABLE keys (id BLOB PRIMARY KEY, bits INTEGER NOT NULL, master TEXT NOT NULL, granted INTEGER NOT NULL, since INTEGER NOT NULL, secret BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE slaves (id BLOB NOT NULL, name TEXT NOT NULL, fetched INTEGER NOT NULL, PRIMARY KEY (id, name)) WITHOUT ROWID;
        """;

    static KeyStoreFile() => SQLitePCL.Batteries_V2.Init();

    public static SqliteConnection Open(string path, string end)
    {
        string full = Path.GetFullPath(path);
        CreateForOwner(full);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = full, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            // One process, held from the first read on. What is deleted is overwritten; nothing is acknowledged before the disk has it.
            Run(connection, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;");
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
            if ((long)Scalar(connection, "PRAGMA application_id")! == 0 && (long)Scalar(connection, "SELECT COUNT(*) FROM sqlite_master")! == 0)
                Found(connection, end);
            else
                Require(connection, full, end);
            // Obtained, and never delivered: a crash came between. Such a key is lost, which nobody misses.
            Run(connection, "DELETE FROM slaves WHERE id IN (SELECT id FROM keys WHERE granted = 0); DELETE FROM keys WHERE granted = 0;");
            transaction.Commit();
            return connection;
        }
        catch (Exception error)
        {
            connection.Dispose();
            if (error is SqliteException failure)
                throw Explain(failure, full);
            throw;
        }
    }

    public static KeyStoreException Explain(SqliteException error, string path) => new(
        error.SqliteErrorCode switch
        {
            Busy or Locked => $"{path} is in use by another process; one key manager uses a store at one time.",
            Corrupt or NotADatabase => $"{path} is damaged. Its keys cannot be trusted to be unused: move it away, and give both ends of the link a new initial secret and empty stores.",
            Full => $"{path} cannot grow: the disk is full. Nothing was lost; make room and go on.",
            ReadOnly or CannotOpen => $"{path} cannot be opened for writing.",
            _ => $"{path} cannot be used: {error.Message}",
        },
        error);

    private static void Found(SqliteConnection connection, string end)
    {
        Run(connection, Schema);
        Run(connection, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};");
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "INSERT INTO owner (end) VALUES ($end)";
        command.Parameters.AddWithValue("$end", end);
        command.ExecuteNonQuery();
    }

    private static void Require(SqliteConnection connection, string path, string end)
    {
        if ((long)Scalar(connection, "PRAGMA application_id")! != ApplicationId)
            throw new KeyStoreException($"{path} is another program's database.");
        if (Scalar(connection, "PRAGMA user_version") is not Version)
            throw new KeyStoreException($"{path} is of version {Scalar(connection, "PRAGMA user_version")}; this program reads version {Version}.");
        if (Scalar(connection, "SELECT end FROM owner") is not string owner || owner != end)
            throw new KeyStoreException($"{path} is the store of '{Scalar(connection, "SELECT end FROM owner")}', not of '{end}'.");
        if (Scalar(connection, "PRAGMA quick_check(1)") is not "ok")
            throw new KeyStoreException($"{path} is damaged: {Scalar(connection, "PRAGMA quick_check(1)")}");
    }

    // SQLite would make the file for everybody to read, and its journal like the file.
    private static void CreateForOwner(string path)
    {
        if (File.Exists(path))
            return;
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, options);
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
