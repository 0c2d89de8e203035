namespace QuantumFed.Report;

/// <summary>The TLS suite that the coordinator's check of itself measured; null where the event was not seen.</summary>
/// <param name="TlsVersion">For example <c>TLSv1.3</c>.</param>
/// <param name="Group">For example <c>X25519MLKEM768</c>.</param>
/// <param name="Signature">For example <c>mldsa65</c>.</param>
public sealed record ReportChannel(string? TlsVersion, string? Group, string? Signature);
