namespace QuantumFed.Protocol;

/// <summary>What the ledger holds of a member's <see cref="LinkReport"/>.</summary>
/// <param name="Outcome">What the member did.</param>
/// <param name="Report">Digest of the record's body.</param>
/// <param name="Signature">Digest of the ML-DSA signature over it.</param>
public sealed record RecordedLinkReport(LinkOutcome Outcome, Digest Report, Digest Signature);
