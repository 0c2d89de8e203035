using System.Text;
using System.Text.Json.Nodes;

namespace QuantumFed.Ledger.Tests;

public sealed class AccountFileTests : IDisposable
{
    private const UnixFileMode OwnersMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("qf-account-").FullName;
    private readonly AccountPassword _password = AccountPassword.Generate();

    private string Store => Path.Combine(_folder, "account.json");

    public void Dispose()
    {
        _password.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_stored_account_is_loaded_again_and_only_its_owner_may_read_it()
    {
        using LedgerAccount made = LedgerAccount.CreateKeystore(Store, _password, KeyDerivation.ForRandomPassword());
        using LedgerAccount loaded = LedgerAccount.LoadKeystore(Store, _password);
        Assert.Equal(made.Address, loaded.Address);
        Assert.Equal(made.Address, Keystore.ReadFile(Store).Address);
        Assert.Equal(OwnersMode, File.GetUnixFileMode(Store));
    }

    [Fact]
    public void A_file_that_exists_is_never_written_over()
    {
        File.WriteAllText(Store, "kept");
        Assert.Throws<IOException>(() => LedgerAccount.CreateKeystore(Store, _password, KeyDerivation.ForRandomPassword()));
        Assert.Throws<IOException>(() => _password.WriteFile(Store));
        Assert.Equal("kept", File.ReadAllText(Store));
    }

    [Fact]
    public void A_wrong_password_and_damage_are_told_with_the_files_name()
    {
        LedgerAccount.CreateKeystore(Store, _password, KeyDerivation.ForRandomPassword()).Dispose();
        using AccountPassword other = AccountPassword.Generate();
        string message = Assert.Throws<InvalidDataException>(() => LedgerAccount.LoadKeystore(Store, other)).Message;
        Assert.Equal($"{Store} does not open: the password is wrong, or the file was damaged.", message);
    }

    [Fact]
    public void Another_accounts_address_is_refused()
    {
        LedgerAccount.CreateKeystore(Store, _password, KeyDerivation.ForRandomPassword()).Dispose();
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(Store))!;
        json["address"] = new string('1', 40);
        File.WriteAllText(Store, json.ToJsonString());
        Assert.Contains(
            $"names the account 0x{new string('1', 40)}, but holds the key of", Assert.Throws<InvalidDataException>(() => LedgerAccount.LoadKeystore(Store, _password)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")]
    public void A_keystore_of_what_is_no_key_is_refused(string hex)
    {
        File.WriteAllBytes(Store, Keystore.Seal(Convert.FromHexString(hex), default, _password, KeyDerivation.ForRandomPassword()).ToArray());
        File.SetUnixFileMode(Store, OwnersMode);
        Assert.Contains("holds no private key", Assert.Throws<InvalidDataException>(() => LedgerAccount.LoadKeystore(Store, _password)).Message, StringComparison.Ordinal);
        File.WriteAllText(Store, hex);
        Assert.Contains("does not hold a private key", Assert.Throws<InvalidDataException>(() => LedgerAccount.ImportFile(Store)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_raw_key_is_no_keystore_and_the_message_says_what_to_do()
    {
        Write(Store, new byte[32]);
        string message = Assert.Throws<InvalidDataException>(() => LedgerAccount.LoadKeystore(Store, _password)).Message;
        Assert.Contains("qf ledger account import", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void Files_that_others_may_read_or_change_are_refused(UnixFileMode more)
    {
        LedgerAccount.CreateKeystore(Store, _password, KeyDerivation.ForRandomPassword()).Dispose();
        string password = Path.Combine(_folder, "password"), key = Path.Combine(_folder, "key");
        _password.WriteFile(password);
        Write(key, Encoding.ASCII.GetBytes(new string('1', 64)));
        LedgerAccount.ImportFile(key).Dispose();
        foreach (string path in (string[])[Store, password, key])
            File.SetUnixFileMode(path, OwnersMode | more);
        Assert.Contains("must have mode 0600", Assert.Throws<InvalidDataException>(() => LedgerAccount.LoadKeystore(Store, _password)).Message, StringComparison.Ordinal);
        Assert.Contains("must have mode 0600", Assert.Throws<InvalidDataException>(() => AccountPassword.ReadFile(password)).Message, StringComparison.Ordinal);
        Assert.Contains("must have mode 0600", Assert.Throws<InvalidDataException>(() => LedgerAccount.ImportFile(key)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_too_long_is_refused_without_being_read_whole()
    {
        using (FileStream file = File.Create(Store))
            file.SetLength(1L << 40);
        File.SetUnixFileMode(Store, OwnersMode);
        Assert.Throws<InvalidDataException>(() => Keystore.ReadFile(Store));
        Assert.Throws<InvalidDataException>(() => AccountPassword.ReadFile(Store));
        Assert.Throws<InvalidDataException>(() => LedgerAccount.ImportFile(Store));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void A_key_is_imported_from_digits_and_from_raw_bytes(string around)
    {
        byte[] key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
        using LedgerAccount expected = LedgerAccount.Import(key);
        string digits = Convert.ToHexString(key);
        Write(Store, Encoding.ASCII.GetBytes(around == "0x" ? around + digits : digits + around));
        using LedgerAccount imported = LedgerAccount.ImportFile(Store);
        Assert.Equal(expected.Address, imported.Address);
        File.WriteAllBytes(Store, key);
        using LedgerAccount raw = LedgerAccount.ImportFile(Store);
        Assert.Equal(expected.Address, raw.Address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1111")]
    [InlineData("111111111111111111111111111111111111111111111111111111111111111g")]
    [InlineData("11111111111111111111111111111111111111111111111111111111111111111")]
    public void What_is_no_key_is_not_imported(string text)
    {
        Write(Store, Encoding.ASCII.GetBytes(text));
        Assert.Throws<InvalidDataException>(() => LedgerAccount.ImportFile(Store));
    }

    [Fact]
    public void A_disposed_account_or_password_is_not_stored()
    {
        LedgerAccount account = LedgerAccount.Generate();
        account.Dispose();
        Assert.Throws<ObjectDisposedException>(() => account.SaveKeystore(Store, _password, KeyDerivation.ForRandomPassword()));
        AccountPassword password = AccountPassword.Generate();
        password.Dispose();
        Assert.Throws<ObjectDisposedException>(() => LedgerAccount.CreateKeystore(Store, password, KeyDerivation.ForRandomPassword()));
        Assert.Throws<ObjectDisposedException>(() => password.WriteFile(Store));
        Assert.False(File.Exists(Store));
    }

    private static void Write(string path, byte[] content)
    {
        File.WriteAllBytes(path, content);
        File.SetUnixFileMode(path, OwnersMode);
    }
}
