namespace QuantumFed.Transport;

/// <summary>What the checks of <see cref="StrictProfile"/> found this process to accept, and nothing else.</summary>
/// <param name="TlsVersion">The protocol version.</param>
/// <param name="Group">The key exchange group.</param>
/// <param name="Signature">The signature algorithm of certificates and handshakes.</param>
internal sealed record MeasuredProfile(string TlsVersion, string Group, string Signature);
