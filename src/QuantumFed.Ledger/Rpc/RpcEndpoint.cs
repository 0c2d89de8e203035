namespace QuantumFed.Ledger;

/// <summary>Where a node answers JSON-RPC, and by what it and its caller know each other. Immutable; holds names of files, no secrets.</summary>
public sealed record RpcEndpoint
{
    private RpcEndpoint(Uri address) => Address = address;

    /// <summary>An http or https address.</summary>
    public Uri Address { get; }

    /// <summary>A file with the bearer token (a JWT, for Besu) sent with each call; null to send none. It is read again when the node refuses the token.</summary>
    public string? TokenFile { get; private init; }

    /// <summary>A PEM file of the authorities that alone may have issued the node's certificate; null to trust the system's.</summary>
    public string? AuthorityFile { get; private init; }

    /// <summary>A PKCS#12 file with the certificate and key shown to the node; null to show none.</summary>
    public string? CertificateFile { get; private init; }

    /// <summary>A file with the password of <see cref="CertificateFile"/>; null if it has none.</summary>
    public string? PasswordFile { get; private init; }

    /// <summary>The node in messages: scheme, host and port. A path may be a secret (hosted nodes put their keys there).</summary>
    public string Name => Address.GetLeftPart(UriPartial.Authority);

    /// <summary>An endpoint.</summary>
    /// <exception cref="ArgumentException">
    /// The address is not http or https or holds a password; a token would cross a network unencrypted; TLS settings without https.
    /// </exception>
    public static RpcEndpoint Create(
        Uri address, string? tokenFile = null, string? authorityFile = null, string? certificateFile = null, string? passwordFile = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new ArgumentException("A ledger's node has an http or https address.", nameof(address));
        if (address.UserInfo.Length > 0)
            throw new ArgumentException("A ledger's address holds no name and password: give a token file.", nameof(address));
        bool encrypted = address.Scheme == Uri.UriSchemeHttps;
        string host = address.GetLeftPart(UriPartial.Authority);
        if (tokenFile is not null && !encrypted && !address.IsLoopback)
            throw new ArgumentException($"The token would be sent to {host} unencrypted: use https, or a node on this machine.", nameof(tokenFile));
        if (!encrypted && (authorityFile ?? certificateFile) is not null)
            throw new ArgumentException($"There is no TLS to {host}, so certificate files have no use: use https.", nameof(address));
        if (passwordFile is not null && certificateFile is null)
            throw new ArgumentException("A password file goes with a certificate file.", nameof(passwordFile));
        return new RpcEndpoint(address)
        {
            TokenFile = tokenFile, AuthorityFile = authorityFile, CertificateFile = certificateFile, PasswordFile = passwordFile,
        };
    }
}
