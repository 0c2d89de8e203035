namespace QuantumFed.Cli;

/// <summary>What the coordinator's process was measured to accept, and nothing else.</summary>
/// <param name="TlsVersion">The protocol.</param>
/// <param name="Group">The key exchange group.</param>
/// <param name="Signature">The signatures of certificates and handshakes.</param>
internal sealed record ChannelProfile(string TlsVersion, string Group, string Signature);
