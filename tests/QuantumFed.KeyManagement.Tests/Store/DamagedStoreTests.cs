using Microsoft.Data.Sqlite;
using QuantumFed.Randomness;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>A file that is not a whole store of this link's end is refused with the reason, and no damage makes a wrong key.</summary>
public sealed class DamagedStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("keys");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Another_links_store()
    {
        SomeKeys.New(Path, 1).Dispose();
        byte[] before = File.ReadAllBytes(Path);
        AssertRefused("is the store of 'link-1/alice', not of 'link-1/bob'", "link-1/bob");
        Assert.Equal(before, File.ReadAllBytes(Path));
        SomeKeys.Open(Path).Dispose();
    }

    [Fact]
    public void Another_programs_database()
    {
        Execute("CREATE TABLE owner (end TEXT); INSERT INTO owner VALUES ('link-1/alice');");
        AssertRefused("another program's database");
    }

    [Fact]
    public void An_empty_database_of_SQLite()
    {
        Execute("CREATE TABLE t (a); DROP TABLE t;");
        AssertRefused("another program's database");
    }

    [Fact]
    public void A_newer_version()
    {
        SomeKeys.New(Path, 1).Dispose();
        Execute("PRAGMA user_version = 2;");
        AssertRefused("is of version 2; this program reads version 1");
    }

    [Theory]
    [InlineData("DROP TABLE slaves")]
    [InlineData("CREATE TABLE more (a)")]
    [InlineData("CREATE INDEX more ON units (secret)")]
    [InlineData("CREATE TRIGGER more AFTER DELETE ON units BEGIN INSERT INTO units VALUES (OLD.position, OLD.secret); END")]
    public void Other_tables(string change)
    {
        SomeKeys.New(Path, 1).Dispose();
        Execute(change);
        AssertRefused("is damaged");
    }

    [Fact]
    public void A_text_file()
    {
        File.WriteAllText(Path, string.Concat(Enumerable.Repeat("This is no database. ", 500)));
        MakeOwners();
        AssertRefused("is damaged");
    }

    [Fact]
    public void A_folder()
    {
        Directory.CreateDirectory(Path);
        AssertRefused("cannot be");
    }

    [Fact]
    public void A_folder_that_is_a_file()
    {
        File.WriteAllText(Path, "");
        KeyStoreException refused = Assert.Throws<KeyStoreException>(() => SomeKeys.Open(System.IO.Path.Combine(Path, "keys")));
        Assert.Contains("cannot be made", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_file_down_to_an_empty_one()
    {
        SomeKeys.New(Path, 300).Dispose();
        byte[] whole = File.ReadAllBytes(Path);
        using RandomStream random = RandomStream.FromSeed("truncated"u8, "tests");
        int[] lengths = [0, 1, 99, 100, 512, 4095, 4096, 4097, 8192, whole.Length - 4096, whole.Length - 1, .. Enumerable.Range(0, 30).Select(_ => random.NextInt32(whole.Length))];
        foreach (int length in lengths)
        {
            File.WriteAllBytes(Path, whole[..length]);
            AssertRefused("");
            Assert.Equal(length, new FileInfo(Path).Length);
        }
    }

    [Fact]
    public void Flipped_bits_make_no_wrong_key_and_no_other_exception()
    {
        KeyGrant[] granted;
        using (KeyStore store = SomeKeys.New(Path, 40, 0, 70, 30))
        {
            granted = [.. Enumerable.Range(1, 8).Select(size => SomeKeys.Grant(store, 64 * size, SomeKeys.Slave, SomeKeys.OtherSlave))];
            SomeKeys.Retrieve(store, granted[0].Id, SomeKeys.OtherSlave);
        }
        byte[] whole = File.ReadAllBytes(Path);
        using RandomStream random = RandomStream.FromSeed("flipped"u8, "tests");
        // Every byte of what SQLite keeps at the front, and any elsewhere.
        int[] bits = [.. Enumerable.Range(0, 100).Select(i => i * 8 + random.NextInt32(8)), .. Enumerable.Range(0, 200).Select(_ => random.NextInt32(whole.Length * 8))];
        int refused = 0, harmless = 0;
        foreach (int bit in bits)
        {
            byte[] flipped = [.. whole];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(Path, flipped);
            try
            {
                UseAll(granted);
                harmless++;
            }
            catch (KeyStoreException)
            {
                refused++;
            }
            catch (Exception other) when (other is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"Bit {bit}: {other}");
            }
        }
        Assert.InRange(refused, 100, bits.Length);
        Assert.InRange(harmless, 1, bits.Length);
    }

    [Fact]
    public void A_file_that_others_may_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
        SomeKeys.New(Path, 1).Dispose();
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        AssertRefused("chmod 600");
    }

    [Fact]
    public void A_new_store_is_its_owners_alone_and_leaves_nothing_beside_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
        string path = System.IO.Path.Combine(_folder.Path, "new", "keys");
        using KeyStore store = SomeKeys.New(path, 1);
        foreach (string file in Directory.GetFiles(System.IO.Path.GetDirectoryName(path)!))
        {
            Assert.StartsWith(path, file, StringComparison.Ordinal);
            Assert.DoesNotContain(".new", file, StringComparison.Ordinal);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    private void UseAll(KeyGrant[] granted)
    {
        using KeyStore store = SomeKeys.Open(Path);
        _ = store.ReadLinkState();
        foreach (KeyGrant grant in granted)
        {
            try
            {
                Assert.Equal(SomeKeys.KeyOf(grant), SomeKeys.Retrieve(store, grant.Id));
            }
            catch (KeyDeliveryException)
            {
                // An id, a name or a mark was hit.
            }
        }
        store.Keys.Expire(TimeSpan.FromDays(-1));
        store.Retain(store.Available(), store.LastBlock);
        while (store.StoredUnits > 0)
        {
            KeyGrant grant = SomeKeys.SetAside(store, 256 * (int)Math.Min(store.StoredUnits, 100));
            Assert.Equal(SomeKeys.KeyOf(grant), SomeKeys.Deliver(store, grant));
        }
        store.Save([5], 1000, SomeKeys.KeyOf(1000, 1));
    }

    private void AssertRefused(string reason, string end = SomeKeys.End) =>
        Assert.Contains(reason, Assert.Throws<KeyStoreException>(() => KeyStore.Open(Path, end, 10, TimeProvider.System)).Message, StringComparison.Ordinal);

    private void Execute(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
        MakeOwners();
    }

    private void MakeOwners()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
