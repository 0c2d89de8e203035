using QuantumFed.Ledger;

namespace QuantumFed.Node;

/// <summary>How a party and its ledger node know each other, where the node is not simply on the same machine. All paths are relative to the settings.</summary>
/// <param name="TokenFile">A file with the bearer token (for Besu a JWT), read again when the node refuses it.</param>
/// <param name="AuthorityFile">A PEM file of the authorities that alone may have issued the node's certificate; without it the system's.</param>
/// <param name="CertificateFile">A PKCS#12 file with the certificate and key shown to the node.</param>
/// <param name="PasswordFile">A file with its password.</param>
/// <param name="Confirmations">How many blocks must follow one before a step of the party's own in it is done, and before it may not be replaced any more, 0 to
/// <see cref="TransactionOptions.MostConfirmations"/>. 0 is right where blocks are final at once: QBFT, the development chain.</param>
public sealed record LedgerAccess(
    string? TokenFile = null, string? AuthorityFile = null, string? CertificateFile = null, string? PasswordFile = null, int Confirmations = 0)
{
    /// <summary>What is wrong with it, in words that name the setting.</summary>
    public IEnumerable<string> Failures()
    {
        if (Confirmations is < 0 or > TransactionOptions.MostConfirmations)
            yield return $"ledgerAccess.confirmations is {Confirmations}, not in 0 to {TransactionOptions.MostConfirmations}";
    }

    /// <summary>The endpoint of a node, with the files in the party's folder.</summary>
    /// <exception cref="SettingsException">Address and files do not fit each other.</exception>
    public static RpcEndpoint Endpoint(Uri rpc, LedgerAccess? access, PartyFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        try
        {
            return RpcEndpoint.Create(rpc, Path(access?.TokenFile), Path(access?.AuthorityFile), Path(access?.CertificateFile), Path(access?.PasswordFile));
        }
        catch (ArgumentException error)
        {
            throw new SettingsException(folder.Settings, [error.Message]);
        }

        string? Path(string? file) => file is null ? null : folder.Resolve(file);
    }
}
