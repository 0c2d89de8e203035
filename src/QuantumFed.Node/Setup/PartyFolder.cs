using System.Security.Cryptography;
using QuantumFed.Ledger;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>
/// The folder of one party: its settings, its copy of the agreement, its keys (readable by the owner only) and its state. TLS identity, record key,
/// ledger account and payload key are four different keys.
/// </summary>
public sealed class PartyFolder
{
    /// <summary>The name of the settings file.</summary>
    public const string SettingsName = "settings.json";

    private const string SigningName = "signing", PayloadName = "payload", KeySuffix = ".key";

    private readonly string _root;

    /// <summary>Uses the folder.</summary>
    public PartyFolder(string root) => _root = Path.GetFullPath(root);

    /// <summary>The folder itself.</summary>
    public string Root => _root;

    /// <summary>The settings.</summary>
    public string Settings => Path.Combine(_root, SettingsName);

    /// <summary>The agreement's copy.</summary>
    public string Agreement => Path.Combine(_root, "consortium.json");

    /// <summary>The party's state.</summary>
    public string State => Path.Combine(_root, "state");

    /// <summary>Where a member's data lies.</summary>
    public string Data => Path.Combine(_root, "data");

    private string SigningKeyPath => Path.Combine(_root, SigningName + KeySuffix);

    private string PayloadKeyPath => Path.Combine(_root, PayloadName + KeySuffix);

    private string AccountPath => Path.Combine(_root, "account.json");

    private string RawAccountPath => Path.Combine(_root, "account.key");

    private string AccountPasswordPath => Path.Combine(_root, AccountPasswordSource.Name);

    /// <summary>A path from the settings: relative ones are relative to this folder.</summary>
    /// <exception cref="SettingsException">It is no path.</exception>
    public string Resolve(string path)
    {
        try
        {
            return Path.GetFullPath(path, _root);
        }
        catch (ArgumentException error)
        {
            throw new SettingsException(Settings, [error.Message]);
        }
    }

    /// <summary>Makes the folder, readable by the owner only.</summary>
    public void Create() =>
        Directory.CreateDirectory(_root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>Makes the record key.</summary>
    public SigningKey CreateSigningKey() => CreateSigningKey(SigningKeyPath);

    /// <summary>
    /// Makes a further record key, for the members to vote on: signing-DIGEST.key, beside the one in use. Both are kept, since each round is signed and verified
    /// with the key that was in force when it was opened.
    /// </summary>
    public SigningKey CreateNextSigningKey()
    {
        SigningKey key = SigningKey.Generate();
        Write(Path.Combine(_root, $"{SigningName}-{key.VerificationKey.Digest.ToString()[..16]}{KeySuffix}"), key);
        return key;
    }

    /// <summary>Makes the ledger account and, beside it so that the party starts unattended, its keystore's password of 256 random bits.</summary>
    public LedgerAccount CreateAccount()
    {
        using AccountPassword password = AccountPassword.Generate();
        password.WriteFile(AccountPasswordPath);
        return LedgerAccount.CreateKeystore(AccountPath, password, KeyDerivation.ForRandomPassword());
    }

    /// <summary>Makes the coordinator's payload key.</summary>
    public PayloadKeyPair CreatePayloadKey() => CreatePayloadKey(_ => PayloadKeyPath);

    /// <summary>Makes a further payload key, for the members to vote on: payload-DIGEST.key, beside the one in use, and both are kept.</summary>
    public PayloadKeyPair CreateNextPayloadKey() =>
        CreatePayloadKey(key => Path.Combine(_root, $"{PayloadName}-{Digest.Of(key.EncapsulationKey.Span).ToString()[..16]}{KeySuffix}"));

    private static PayloadKeyPair CreatePayloadKey(Func<PayloadKeyPair, string> path)
    {
        PayloadKeyPair key = PayloadKeyPair.Generate();
        Span<byte> seed = stackalloc byte[PayloadKeyPair.PrivateSeedSizeInBytes];
        try
        {
            key.ExportPrivateSeed(seed);
            DurableFile.Write(path(key), seed, ownerOnly: true);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
        return key;
    }

    /// <summary>Keeps the TLS identity.</summary>
    public void Save(NodeIdentity identity) => identity.Save(_root);

    /// <summary>Reads the agreement and checks it.</summary>
    /// <exception cref="SettingsException">It is missing or damaged.</exception>
    public ConsortiumAgreement ReadAgreement(string path)
    {
        string resolved = Resolve(path);
        string? failure = "The file does not exist.";
        return File.Exists(resolved) && ConsortiumAgreement.TryParse(Read(resolved, File.ReadAllBytes), out ConsortiumAgreement? agreement, out failure)
            ? agreement
            : throw new SettingsException(resolved, [failure!]);
    }

    /// <summary>Reads the TLS identity.</summary>
    public NodeIdentity ReadIdentity(TimeProvider time) => NodeIdentity.Load(_root, time);

    /// <summary>Reads the ledger account, which must be the one in the agreement.</summary>
    /// <exception cref="SettingsException">It or its password is missing, it is damaged, does not open or is another.</exception>
    public LedgerAccount ReadAccount(EthereumAddress? agreed)
    {
        if (!File.Exists(AccountPath) && File.Exists(RawAccountPath))
            throw new SettingsException(RawAccountPath, [
                "an earlier version left the ledger account's key in clear; put a password into a file and make a keystore of it: qf ledger account import "
                + $"--key-file {RawAccountPath} --keystore {AccountPath} --password-file {AccountPasswordPath}"]);
        using AccountPassword password = AccountPasswordSource.Read(_root, Environment.GetEnvironmentVariable);
        LedgerAccount account = Read(AccountPath, path => LedgerAccount.LoadKeystore(path, password));
        if (agreed is null || account.Address == agreed)
            return account;
        account.Dispose();
        throw new SettingsException(AccountPath, [$"this is account {account.Address}, the agreement says {agreed}"]);
    }

    /// <summary>Reads the record key that is in force: among signing.key and signing-*.key, the one with that public half.</summary>
    /// <exception cref="SettingsException">It is missing, damaged or another.</exception>
    public SigningKey ReadSigningKey(VerificationKey inForce) => ReadOneOf(
        SigningName,
        path => SigningKey.ImportPem(File.ReadAllText(path)),
        key => key.VerificationKey.Digest == inForce.Digest,
        $"this is not the record key that the agreement or the registry names for this party (SHA-256 {inForce.Digest})");

    /// <summary>Reads the payload key that is in force: among payload.key and payload-*.key, the one with that public half.</summary>
    /// <exception cref="SettingsException">It is missing, damaged or another.</exception>
    public PayloadKeyPair ReadPayloadKey(ReadOnlyMemory<byte> inForce) => ReadOneOf(
        PayloadName, ImportPayloadKey, key => key.EncapsulationKey.Span.SequenceEqual(inForce.Span), "this is not the payload key that the agreement or the registry names");

    private static PayloadKeyPair ImportPayloadKey(string path)
    {
        byte[] seed = File.ReadAllBytes(path);
        try
        {
            return PayloadKeyPair.ImportPrivateSeed(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    private T ReadOneOf<T>(string name, Func<string, T> read, Func<T, bool> isInForce, string otherwise)
        where T : IDisposable
    {
        string first = Path.Combine(_root, name + KeySuffix);
        SettingsException? unread = null;
        foreach (string path in Directory.EnumerateFiles(_root, $"{name}-*{KeySuffix}").Order(StringComparer.Ordinal).Prepend(first))
        {
            T key;
            try
            {
                key = Read(path, read);
            }
            catch (SettingsException error)
            {
                // A key that is no longer in force may be gone.
                unread ??= error;
                continue;
            }
            if (isInForce(key))
                return key;
            key.Dispose();
        }
        throw unread ?? new SettingsException(first, [otherwise]);
    }

    private static SigningKey CreateSigningKey(string path)
    {
        SigningKey key = SigningKey.Generate();
        Write(path, key);
        return key;
    }

    private static void Write(string path, SigningKey key) =>
        DurableFile.Write(path, System.Text.Encoding.ASCII.GetBytes(key.ExportPem()), ownerOnly: true);

    private static T Read<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or InvalidDataException)
        {
            throw new SettingsException(path, [error.Message]);
        }
    }
}
