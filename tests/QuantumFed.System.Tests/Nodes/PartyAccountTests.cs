using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>A party's account: where its password is looked for, and what is said when it does not open.</summary>
public sealed class PartyAccountTests : IDisposable
{
    private const UnixFileMode OwnersMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    private string Keystore => _folder.At("account.json");

    private string Password => _folder.At("account.password");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_account_that_was_made_is_read_again_without_being_asked()
    {
        var party = new PartyFolder(_folder.Root);
        EthereumAddress address;
        using (LedgerAccount made = party.CreateAccount())
            address = made.Address;
        using (LedgerAccount read = party.ReadAccount(address))
            Assert.Equal(address, read.Address);
        Assert.All((string[])[Keystore, Password], path => Assert.Equal(OwnersMode, File.GetUnixFileMode(path)));
        Refused("the agreement says", () => party.ReadAccount(default(EthereumAddress)));
    }

    [Fact]
    public void Neither_keystore_nor_password_is_ever_replaced()
    {
        var party = new PartyFolder(_folder.Root);
        party.CreateAccount().Dispose();
        byte[] keystore = File.ReadAllBytes(Keystore), password = File.ReadAllBytes(Password);
        Assert.Throws<IOException>(party.CreateAccount);
        Assert.Equal(keystore, File.ReadAllBytes(Keystore));
        Assert.Equal(password, File.ReadAllBytes(Password));
    }

    [Fact]
    public void The_variables_file_comes_before_the_credential_and_that_before_the_folders()
    {
        string credentials = _folder.At("credentials");
        Directory.CreateDirectory(credentials);
        Write(_folder.At("named"), "named");
        Write(Path.Combine(credentials, "account.password"), "credential");
        Write(Password, "folder");
        Assert.Equal("named", Found((AccountPasswordSource.FileVariable, _folder.At("named")), (AccountPasswordSource.CredentialsVariable, credentials)));
        Assert.Equal("credential", Found((AccountPasswordSource.CredentialsVariable, credentials)));
        Assert.Equal("credential", Found((AccountPasswordSource.FileVariable, ""), (AccountPasswordSource.CredentialsVariable, credentials)));
        // A service may be given other credentials only.
        File.Delete(Path.Combine(credentials, "account.password"));
        Assert.Equal("folder", Found((AccountPasswordSource.CredentialsVariable, credentials)));
        Assert.Equal("folder", Found());
    }

    [Fact]
    public void A_file_that_is_named_and_missing_is_an_error_although_there_is_another()
    {
        Write(Password, "folder");
        Refused("the file that QF_ACCOUNT_PASSWORD_FILE names does not exist", () => Found((AccountPasswordSource.FileVariable, _folder.At("missing"))));
        Refused("does not exist", () => Found((AccountPasswordSource.FileVariable, _folder.At("no", "folder"))));
    }

    [Fact]
    public void A_missing_password_says_where_it_may_be()
    {
        SettingsException error = Refused("the password of the ledger account is missing", () => Found());
        Assert.Equal(Password, error.Path);
        Assert.Contains(AccountPasswordSource.FileVariable, error.Message, StringComparison.Ordinal);
        Assert.Contains("systemd", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_or_readable_password_and_a_folder_in_its_place_are_refused()
    {
        Write(Password, "\n");
        Refused("is empty", () => Found());
        Write(Password, "folder");
        File.SetUnixFileMode(Password, OwnersMode | UnixFileMode.GroupRead);
        Refused("must have mode 0600", () => Found());
        File.Delete(Password);
        Directory.CreateDirectory(Password);
        Refused(Password, () => Found());
    }

    [Fact]
    public void Another_password_does_not_open_the_account()
    {
        var party = new PartyFolder(_folder.Root);
        party.CreateAccount().Dispose();
        Write(Password, "another");
        Refused("does not open: the password is wrong, or the file was damaged", () => party.ReadAccount(null));
    }

    [Fact]
    public void A_key_in_clear_is_refused_with_the_command_that_makes_a_keystore_of_it()
    {
        File.WriteAllBytes(_folder.At("account.key"), [.. Enumerable.Repeat((byte)1, 32)]);
        var party = new PartyFolder(_folder.Root);
        Refused($"qf ledger account import --key-file {_folder.At("account.key")} --keystore {Keystore} --password-file {Password}", () => party.ReadAccount(null));
    }

    private static void Write(string path, string content)
    {
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, OwnersMode);
    }

    private static SettingsException Refused(string reason, Func<object> read)
    {
        SettingsException error = Assert.Throws<SettingsException>(read);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        return error;
    }

    // A password is not shown, so it is found by the keystore that it opens.
    private string Found(params (string Name, string Value)[] environment)
    {
        using AccountPassword password = AccountPasswordSource.Read(
            _folder.Root, name => environment.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault());
        foreach (string candidate in (string[])["named", "credential", "folder"])
        {
            string path = _folder.At($"keystore-{candidate}");
            if (!File.Exists(path))
            {
                using AccountPassword own = AccountPassword.Import(global::System.Text.Encoding.ASCII.GetBytes(candidate));
                LedgerAccount.CreateKeystore(path, own, KeyDerivation.ForRandomPassword()).Dispose();
            }
            try
            {
                LedgerAccount.LoadKeystore(path, password).Dispose();
                return candidate;
            }
            catch (InvalidDataException)
            {
                // The next one.
            }
        }
        return "none of them";
    }
}
