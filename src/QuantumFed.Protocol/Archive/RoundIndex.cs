namespace QuantumFed.Protocol;

/// <summary>Where a finished round begins in the archive.</summary>
/// <param name="Round">The round.</param>
/// <param name="Finalization">Digest of the coordinator's signed finalisation, or abandonment.</param>
/// <param name="Attestations">Digests of the members' signed attestations.</param>
public sealed record RoundIndex(RoundId Round, Digest Finalization, IReadOnlyDictionary<MemberId, Digest> Attestations);
