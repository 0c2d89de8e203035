namespace QuantumFed.Cli;

/// <summary>A member's connection to the coordinator, as it was negotiated.</summary>
/// <param name="Protocol">The TLS version.</param>
/// <param name="CipherSuite">The suite's name in the TLS registry.</param>
/// <param name="CertificateSignature">How the member's certificate is signed.</param>
internal sealed record MemberChannel(string Protocol, string CipherSuite, string CertificateSignature);
