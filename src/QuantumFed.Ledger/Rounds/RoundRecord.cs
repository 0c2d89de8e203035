using System.Collections.Immutable;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// All the ledger says of one round. The same record comes from a live node and from archived blocks. Immutable; equality is of content.
/// Hashes of steps that were not taken are zero.
/// </summary>
public sealed record RoundRecord
{
    /// <summary>The round.</summary>
    public required RoundId Round { get; init; }

    /// <summary>How far it has come.</summary>
    public required RoundPhase Phase { get; init; }

    /// <summary>SHA-256 of the signed round plan.</summary>
    public required Digest PlanHash { get; init; }

    /// <summary>SHA-256 of the model it starts from.</summary>
    public required Digest PreviousModelHash { get; init; }

    /// <summary>The hash of the block before the one that opened the round: what the round's public randomness is drawn from.</summary>
    public required Digest SeedBlockHash { get; init; }

    /// <summary>The last second at which commitments are taken, in Unix time.</summary>
    public required ulong CommitDeadline { get; init; }

    /// <summary>The registry's version when the round was opened: its members and keys are the round's.</summary>
    public required ulong RegistryVersion { get; init; }

    /// <summary>How many participants a set needs.</summary>
    public required int MinParticipants { get; init; }

    /// <summary>The members' commitments.</summary>
    public required ImmutableSortedDictionary<EthereumAddress, RoundCommitment> Commitments { get; init; }

    /// <summary>The set whose sum is opened, ascending; empty before the round was closed.</summary>
    public required ImmutableArray<EthereumAddress> Participants { get; init; }

    /// <summary>Those who committed and are not in the set, ascending.</summary>
    public required ImmutableArray<RoundExclusion> Exclusions { get; init; }

    /// <summary>SHA-256 of the canonical set.</summary>
    public required Digest SetHash { get; init; }

    /// <summary>The Merkle root of the transcript.</summary>
    public required Digest TranscriptRoot { get; init; }

    /// <summary>SHA-256 of the new model; zero unless the round was finalized.</summary>
    public required Digest ModelHash { get; init; }

    /// <summary>SHA-256 of the round's metadata; zero unless the round was finalized.</summary>
    public required Digest MetadataHash { get; init; }

    /// <summary>Why the round was abandoned, 1 to 255; 0 if it was not.</summary>
    public required byte AbandonReason { get; init; }

    /// <summary>The head of the history's hash chain after this round; zero before it ended.</summary>
    public required Digest HistoryHead { get; init; }

    /// <summary>The members that attested to the model.</summary>
    public required ImmutableSortedDictionary<EthereumAddress, RoundAttestation> Attestations { get; init; }

    /// <summary>The members whose quantum link gave them no key.</summary>
    public required ImmutableSortedDictionary<EthereumAddress, RoundLinkReport> LinkReports { get; init; }

    /// <summary>The disputes, in the chain's order.</summary>
    public required ImmutableArray<RoundDispute> Disputes { get; init; }

    /// <summary>The opening.</summary>
    public required LedgerStep Opened { get; init; }

    /// <summary>The freezing of commitments, if it happened.</summary>
    public required LedgerStep? Frozen { get; init; }

    /// <summary>The closing, if it happened.</summary>
    public required LedgerStep? Closed { get; init; }

    /// <summary>What ended the round, finalized, failed or abandoned, if something has.</summary>
    public required LedgerStep? Ended { get; init; }

    /// <summary>Whether both say the same of the round.</summary>
    public bool Equals(RoundRecord? other) =>
        other is not null
        && Facts.Equals(other.Facts)
        && Steps.Equals(other.Steps)
        && Commitments.SequenceEqual(other.Commitments)
        && Participants.SequenceEqual(other.Participants)
        && Exclusions.SequenceEqual(other.Exclusions)
        && Attestations.SequenceEqual(other.Attestations)
        && LinkReports.SequenceEqual(other.LinkReports)
        && Disputes.SequenceEqual(other.Disputes);

    /// <summary>Made of the round, its phase and its opening.</summary>
    public override int GetHashCode() => HashCode.Combine(Round, Phase, PlanHash, Opened);

    private (RoundId, RoundPhase, Digest, Digest, Digest, ulong, ulong, int, Digest, Digest, Digest, Digest, byte, Digest) Facts =>
        (Round, Phase, PlanHash, PreviousModelHash, SeedBlockHash, CommitDeadline, RegistryVersion, MinParticipants, SetHash, TranscriptRoot, ModelHash,
            MetadataHash, AbandonReason, HistoryHead);

    private (LedgerStep, LedgerStep?, LedgerStep?, LedgerStep?) Steps => (Opened, Frozen, Closed, Ended);
}
