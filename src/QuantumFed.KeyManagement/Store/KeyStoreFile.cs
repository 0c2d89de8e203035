using Microsoft.Data.Sqlite;

namespace QuantumFed.KeyManagement;

/// <summary>The SQLite file of a <see cref="KeyStore"/>: its settings, its version, whose it is, and what its errors mean.</summary>
internal static class KeyStoreFile
{
    private const long Version = 1;

    // "QFKS", so that another program's database is not taken for a store.
    private const long ApplicationId = 0x51464B53;

    /// <summary>What to do about damage.</summary>
    public const string AfterDamage = "Its keys cannot be trusted to be unused: move it away, and give both ends of the link a new initial secret and empty stores.";

    private const int PageSizeInBytes = 4096;

    // SQLite's result codes.
    private const int Busy = 5, Locked = 6, ReadOnly = 8, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    // Strict and checked, so that the check at opening finds what damage made of a row. SQLite keeps these texts, and they are compared.
    private static readonly string[] Tables =
    [
        "CREATE TABLE owner (end TEXT NOT NULL) STRICT",
        "CREATE TABLE state (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE blocks (number INTEGER PRIMARY KEY CHECK (number >= 0)) STRICT",
        "CREATE TABLE units (position INTEGER PRIMARY KEY CHECK (position >= 0), secret BLOB NOT NULL CHECK (length(secret) = 32 + 8)) STRICT",
        "CREATE TABLE keys (id BLOB PRIMARY KEY CHECK (length(id) = 16), bits INTEGER NOT NULL, master TEXT NOT NULL, granted INTEGER NOT NULL CHECK (granted IN (0, 1)), "
            + "since INTEGER NOT NULL, secret BLOB NOT NULL CHECK (length(secret) * 8 = bits + 64)) STRICT, WITHOUT ROWID",
        "CREATE TABLE slaves (id BLOB NOT NULL CHECK (length(id) = 16), name TEXT NOT NULL, fetched INTEGER NOT NULL CHECK (fetched IN (0, 1)), "
            + "PRIMARY KEY (id, name)) STRICT, WITHOUT ROWID",
    ];

    static KeyStoreFile() => SQLitePCL.Batteries_V2.Init();

    public static SqliteConnection Open(string path, string end)
    {
        string full = Path.GetFullPath(path);
        if (!File.Exists(full))
            Create(full, end);
        RequireOwnerOnly(full);
        // SQLite would make a new database of it.
        if (new FileInfo(full).Length < PageSizeInBytes)
            throw CutOff(full);
        SqliteConnection connection = Connect(full);
        try
        {
            OpenForOneProcess(connection);
            // Only now: an interrupted transaction has been undone. SQLite would read zeros where the last page ends early.
            if (new FileInfo(full).Length % PageSizeInBytes != 0)
                throw CutOff(full);
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
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
            Corrupt or NotADatabase => $"{path} is damaged. {AfterDamage}",
            Full => $"{path} cannot grow: the disk is full. Nothing was lost; make room and go on.",
            ReadOnly or CannotOpen => $"{path} cannot be opened for writing.",
            _ => $"{path} cannot be used: {error.Message}",
        },
        error) { IsDiskFull = error.SqliteErrorCode == Full };

    private static KeyStoreException CutOff(string path) => new($"{path} is damaged: it is cut off. {AfterDamage}");

    // Made whole under another name: an empty or half file under its own name is then always damage, never a new store.
    private static void Create(string path, string end)
    {
        string draft = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            CreateForOwner(draft);
            using (SqliteConnection connection = Connect(draft))
            {
                OpenForOneProcess(connection);
                using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
                Write(connection, end);
                transaction.Commit();
            }
            File.Delete(draft + "-journal");
            if (!File.Exists(path))
                File.Move(draft, path);
        }
        catch (SqliteException error)
        {
            throw Explain(error, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process may have been faster: its store is as good, and opening it says whether it is in use.
            if (!File.Exists(path))
                throw new KeyStoreException($"{path} cannot be made: {error.Message}", error);
        }
        finally
        {
            Discard(draft);
        }
    }

    private static void Discard(string draft)
    {
        try
        {
            File.Delete(draft);
            File.Delete(draft + "-journal");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has no key in it; why it could not be made is already being said.
        }
    }

    private static SqliteConnection Connect(string path) =>
        new(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 1 }.ToString());

    // One process, from here on. What is deleted is overwritten; nothing is acknowledged before the disk has it. The journal holds the old pages, keys and all,
    // and a process that keeps its lock would otherwise keep the journal's content after the transaction: truncating it ends the transaction.
    private static void OpenForOneProcess(SqliteConnection connection)
    {
        connection.Open();
        Run(connection, $"PRAGMA page_size = {PageSizeInBytes}; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;");
        Run(connection, "BEGIN EXCLUSIVE; COMMIT;");
    }

    private static void Write(SqliteConnection connection, string end)
    {
        Run(connection, string.Join(';', Tables));
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
        // Texts, not what SQLite makes of them: a damaged one may still be a table.
        if (Scalar(connection, "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid)") as string != string.Join(';', Tables))
            throw new KeyStoreException($"{path} is damaged: its tables are not a store's. {AfterDamage}");
        if (Scalar(connection, "PRAGMA integrity_check(1)") is not "ok")
            throw new KeyStoreException($"{path} is damaged ({Scalar(connection, "PRAGMA integrity_check(1)")}). {AfterDamage}");
        if (Scalar(connection, "SELECT end FROM owner") is not string owner || owner != end)
            throw new KeyStoreException($"{path} is the store of '{Scalar(connection, "SELECT end FROM owner")}', not of '{end}'.");
    }

    private static void RequireOwnerOnly(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
            throw new KeyStoreException($"{path} can be read by others than its owner. Do: chmod 600 {path}");
    }

    // SQLite would make the file for everybody to read, and its journal like the file.
    private static void CreateForOwner(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
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
