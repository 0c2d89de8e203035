namespace QuantumFed.Protocol;

/// <summary>A committee member's seat in one round.</summary>
/// <param name="Receiver">The point of the secret sharing, from 1.</param>
/// <param name="Member">Who sits there.</param>
/// <param name="RoundKey">Digest of the signed <see cref="Protocol.RoundKey"/> message.</param>
public sealed record CommitteeSeat(ushort Receiver, MemberId Member, Digest RoundKey);
