namespace QuantumFed.Protocol;

/// <summary>A committee member's finding on one dealer's share.</summary>
/// <param name="Dealer">Whose share.</param>
/// <param name="Verdict">What was found.</param>
/// <param name="Check">The three masked check values (elements of F_p, p = 2^31 - 1) in their canonical bytes; empty unless the share opened.</param>
public sealed record ShareFinding(MemberId Dealer, ShareVerdict Verdict, ReadOnlyMemory<byte> Check);
