using System.Security.Cryptography;
using QuantumFed.Protocol;
using QuantumFed.Qkd;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>Founds a quantum link in one folder, for a demo or a developer's testnet: settings, both ends' certificates, and the secret that both begin with.</summary>
public static class LinkFounder
{
    /// <summary>The name of the settings file.</summary>
    public const string SettingsName = "link.json";

    /// <summary>The name of the file with the initial secret, in each end's folder.</summary>
    public const string SecretName = "link.secret";

    // What a block's tags cost, 64 times. An aborted block costs nothing; one that is disturbed or cut at its tags does, and brings nothing back. Blocks
    // that bring key fill the reserve up again.
    private const int SecretSizeInBytes = 64 * LinkEndState.LeastInitialBytes;

    /// <summary>Fills the folder.</summary>
    public static void Create(string folder, LinkSettings settings, CertificateAuthority authority, TimeSpan lifetime)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        SettingsFile.Write(Path.Combine(folder, SettingsName), settings);
        byte[] secret = RandomNumberGenerator.GetBytes(SecretSizeInBytes);
        try
        {
            foreach (LinkEndSettings end in new[] { settings.Transmitter, settings.Receiver })
            {
                string own = Path.GetFullPath(end.Folder, folder);
                Directory.CreateDirectory(own, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                using NodeIdentity identity = authority.IssueServer(MemberId.Parse(end.Name), ["localhost", "127.0.0.1"], lifetime);
                identity.Save(own);
                DurableFile.Write(Path.Combine(own, SecretName), secret, ownerOnly: true);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
