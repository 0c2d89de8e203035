using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;

namespace QuantumFed.Transport;

/// <summary>
/// What a connection's handshake came to. The group is not in it, because .NET does not tell: it is the one group that the process was measured to accept.
/// </summary>
/// <param name="Protocol">TLSv1.3.</param>
/// <param name="CipherSuite">The suite's name in the TLS registry (IANA).</param>
/// <param name="CertificateSignature">How the peer's certificate is signed, as OpenSSL spells it.</param>
public sealed record TlsLink(string Protocol, string CipherSuite, string CertificateSignature)
{
    internal static TlsLink Of(ITlsHandshakeFeature handshake, X509Certificate2 certificate) => new(
        handshake.Protocol == SslProtocols.Tls13 ? "TLSv1.3" : handshake.Protocol.ToString(),
        handshake.NegotiatedCipherSuite?.ToString() ?? "unknown",
        certificate.SignatureAlgorithm.Value == CertificateProfile.MLDsa65 ? "mldsa65" : certificate.SignatureAlgorithm.Value ?? "unknown");
}
