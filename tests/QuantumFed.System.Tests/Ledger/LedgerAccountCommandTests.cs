using System.Text.RegularExpressions;
using QuantumFed.Ledger;

namespace QuantumFed.System.Tests;

/// <summary><c>qf ledger account</c> as an operator uses it.</summary>
public sealed partial class LedgerAccountCommandTests : IDisposable
{
    private const UnixFileMode OwnersMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    private string Store => _folder.At("account.json");

    private string Password => _folder.At("password");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_account_is_shown_without_its_password_and_opens_with_it()
    {
        Requires.Launcher();
        Write(Password, "correct horse\n"u8);
        QfResult made = (await RunAsync("new", "--keystore", Store, "--password-file", Password)).Ended(0);
        Assert.Matches(AddressLine(), made.Output);
        Assert.Equal(made.Output, (await RunAsync("show", "--keystore", Store)).Ended(0).Output);
        Assert.Equal(OwnersMode, File.GetUnixFileMode(Store));
        Assert.Equal("scrypt", Keystore.ReadFile(Store).Derivation.Name);
        using AccountPassword password = AccountPassword.Import("correct horse"u8);
        using LedgerAccount account = LedgerAccount.LoadKeystore(Store, password);
        Assert.Equal(made.Output.Trim(), account.Address.ToString());

        byte[] kept = File.ReadAllBytes(Store);
        Assert.Contains("exists", (await RunAsync("new", "--keystore", Store, "--password-file", Password)).Ended(1).Error, StringComparison.Ordinal);
        Assert.Equal(kept, File.ReadAllBytes(Store));
    }

    [Fact]
    public async Task A_key_in_clear_becomes_a_keystore_of_the_same_account()
    {
        Requires.Launcher();
        Write(Password, "correct horse\n"u8);
        byte[] key = [.. Enumerable.Repeat((byte)1, 32)];
        Write(_folder.At("account.key"), key);
        using LedgerAccount expected = LedgerAccount.Import(key);
        QfResult made = (await RunAsync("import", "--key-file", _folder.At("account.key"), "--keystore", Store, "--password-file", Password)).Ended(0);
        Assert.Equal($"{expected.Address}\n", made.Output);
        Assert.Equal(made.Output, (await RunAsync("show", "--keystore", Store)).Ended(0).Output);
    }

    [Fact]
    public async Task What_cannot_be_used_ends_with_a_line_that_says_why()
    {
        Requires.Launcher();
        Write(Password, ""u8);
        Assert.Contains("is empty", (await RunAsync("new", "--keystore", Store, "--password-file", Password)).Ended(5).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Store));
        Write(Store, "{}"u8);
        Assert.Contains("it has no version", (await RunAsync("show", "--keystore", Store)).Ended(5).Error, StringComparison.Ordinal);
        Assert.Contains("Could not find file", (await RunAsync("show", "--keystore", _folder.At("none"))).Ended(1).Error, StringComparison.Ordinal);
    }

    [GeneratedRegex("^0x[0-9a-f]{40}\n$")]
    private static partial Regex AddressLine();

    private static Task<QfResult> RunAsync(params string[] arguments) => QfRun.ToEndAsync(["ledger", "account", .. arguments]);

    private static void Write(string path, ReadOnlySpan<byte> content)
    {
        File.WriteAllBytes(path, content);
        File.SetUnixFileMode(path, OwnersMode);
    }
}
