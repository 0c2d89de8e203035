using System.CommandLine;
using QuantumFed.Ledger;

namespace QuantumFed.Cli;

/// <summary><c>qf ledger account</c>: makes, shows and imports the keystores of accounts.</summary>
internal static class LedgerAccountCommand
{
    public static Command Create() => new("account", "An account on the ledger: its key in a keystore, as geth and others read it, under a password in a file.")
    {
        New(), Show(), Import(),
    };

    private static Command New()
    {
        Option<string> keystore = KeystoreOption("The keystore to make; a file that exists is left alone.");
        Option<string> passwordFile = PasswordOption();
        var command = new Command("new", "Make an account with a random key, and print its address.") { keystore, passwordFile };
        command.SetAction((parsed, cancellation) => RunAsync(
            () =>
            {
                string path = CommandRunner.PathOf(keystore.Name, parsed.GetRequiredValue(keystore));
                using AccountPassword password = AccountPassword.ReadFile(CommandRunner.PathOf(passwordFile.Name, parsed.GetRequiredValue(passwordFile)));
                using LedgerAccount account = LedgerAccount.CreateKeystore(path, password, KeyDerivation.ForChosenPassword());
                return account.Address.ToString();
            },
            cancellation));
        return command;
    }

    private static Command Show()
    {
        Option<string> keystore = KeystoreOption("The keystore to read.");
        var command = new Command("show", "Print the address that a keystore names. Without the password it is not checked against the key.") { keystore };
        command.SetAction((parsed, cancellation) => RunAsync(
            () =>
            {
                string path = CommandRunner.PathOf(keystore.Name, parsed.GetRequiredValue(keystore));
                return Keystore.ReadFile(path).Address is { } address
                    ? address.ToString()
                    : throw new InvalidDataException($"{path} names no address; only its password would tell.");
            },
            cancellation));
        return command;
    }

    private static Command Import()
    {
        var keyFile = new Option<string>("--key-file")
        {
            Description = "File of a private key: 64 hexadecimal digits, or the 32 bytes of an account.key of earlier versions. It is left as it is: erase it.",
            Required = true,
            HelpName = "FILE",
        };
        Option<string> keystore = KeystoreOption("The keystore to make; a file that exists is left alone.");
        Option<string> passwordFile = PasswordOption();
        var command = new Command("import", "Make a keystore of a private key that is in clear, and print its address.") { keyFile, keystore, passwordFile };
        command.SetAction((parsed, cancellation) => RunAsync(
            () =>
            {
                string path = CommandRunner.PathOf(keystore.Name, parsed.GetRequiredValue(keystore));
                using LedgerAccount account = LedgerAccount.ImportFile(CommandRunner.PathOf(keyFile.Name, parsed.GetRequiredValue(keyFile)));
                using AccountPassword password = AccountPassword.ReadFile(CommandRunner.PathOf(passwordFile.Name, parsed.GetRequiredValue(passwordFile)));
                account.SaveKeystore(path, password, KeyDerivation.ForChosenPassword());
                return account.Address.ToString();
            },
            cancellation));
        return command;
    }

    private static Option<string> KeystoreOption(string description) =>
        new("--keystore") { Description = description, Required = true, HelpName = "FILE" };

    private static Option<string> PasswordOption() => new("--password-file")
    {
        Description = "File of the password, one line that only its owner may read. There is no other way to give it: a command line is seen by others.",
        Required = true,
        HelpName = "FILE",
    };

    private static Task<int> RunAsync(Func<string> work, CancellationToken cancellation) => CommandRunner.RunAsync(
        _ =>
        {
            Console.WriteLine(work());
            return Task.FromResult(ExitCode.Success);
        },
        cancellation);
}
