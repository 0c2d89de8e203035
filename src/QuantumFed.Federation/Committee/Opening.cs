using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>One opening that a committee member has agreed to, as its journal keeps it for ever.</summary>
/// <param name="Round">The round.</param>
/// <param name="Closing">Digest of the closing's body.</param>
/// <param name="PreviousModel">The model, or statistic, that the sum was taken on.</param>
/// <param name="Participants">The set, ascending by name.</param>
public sealed record Opening(RoundId Round, Digest Closing, Digest PreviousModel, IReadOnlyList<MemberId> Participants);
