using QuantumFed.Ledger;

namespace QuantumFed.Node;

/// <summary>Where a party's program finds the password of its account's keystore, which no settings file holds.</summary>
public static class AccountPasswordSource
{
    /// <summary>The environment variable that names the password's file; it decides where it is set.</summary>
    public const string FileVariable = "QF_ACCOUNT_PASSWORD_FILE";

    /// <summary>The environment variable by which systemd names the folder of a service's credentials.</summary>
    public const string CredentialsVariable = "CREDENTIALS_DIRECTORY";

    /// <summary>The password's name among the credentials and in the party's folder.</summary>
    public const string Name = "account.password";

    /// <summary>
    /// The password: in the file of <see cref="FileVariable"/>; or the credential <see cref="Name"/>, where the service was given it; or
    /// in the party's folder.
    /// </summary>
    /// <param name="folder">The party's folder.</param>
    /// <param name="environment">The value of an environment variable; null where it is not set.</param>
    /// <exception cref="SettingsException">There is none, or it cannot be used.</exception>
    public static AccountPassword Read(string folder, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (environment(FileVariable) is { Length: > 0 } named)
            return Read(Path.GetFullPath(named), AccountPassword.ReadFile, $"the file that {FileVariable} names does not exist");
        if (environment(CredentialsVariable) is { Length: > 0 } credentials && Path.Combine(credentials, Name) is { } credential && File.Exists(credential))
            return Read(credential, AccountPassword.ReadCredential, "the credential does not exist");
        return Read(
            Path.Combine(folder, Name), AccountPassword.ReadFile,
            $"the password of the ledger account is missing; it may also stand in a file that {FileVariable} names or, for a service of systemd, in the credential {Name}");
    }

    private static AccountPassword Read(string path, Func<string, AccountPassword> read, string missing)
    {
        try
        {
            return read(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SettingsException(path, [missing]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SettingsException(path, [error.Message]);
        }
    }
}
