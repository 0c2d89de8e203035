namespace QuantumFed.Protocol;

/// <summary>
/// What the ledger says of a round, in the consortium's names instead of accounts: all that the rules of a round need to know of a
/// chain. Digests that the ledger does not hold yet are zero.
/// </summary>
public sealed record RecordedRound
{
    /// <summary>The round.</summary>
    public required RoundId Round { get; init; }

    /// <summary>How far it is.</summary>
    public required RecordedPhase Phase { get; init; }

    /// <summary>Digest of the plan's body.</summary>
    public required Digest Plan { get; init; }

    /// <summary>Digest of the model before.</summary>
    public required Digest PreviousModel { get; init; }

    /// <summary>Hash of the block before the one that opened the round: what nobody could know when the plan was made.</summary>
    public required Digest SeedBlock { get; init; }

    /// <summary>When commitments may be frozen without everyone, in Unix seconds.</summary>
    public required ulong CommitDeadline { get; init; }

    /// <summary>The fewest participants.</summary>
    public required ushort MinParticipants { get; init; }

    /// <summary>The commitments.</summary>
    public required IReadOnlyDictionary<MemberId, Digest> Commitments { get; init; }

    /// <summary>How many more have committed: members that were admitted by vote, and that the agreement has no name for. No closing can name them.</summary>
    public int UnnamedCommitments { get; init; }

    /// <summary>The set, ascending by name.</summary>
    public required IReadOnlyList<MemberId> Participants { get; init; }

    /// <summary>The exclusions, ascending by name.</summary>
    public required IReadOnlyList<Exclusion> Exclusions { get; init; }

    /// <summary>Digest of the closing's body.</summary>
    public required Digest Closing { get; init; }

    /// <summary>Merkle root of the transcript.</summary>
    public required Digest TranscriptRoot { get; init; }

    /// <summary>Digest of the model after.</summary>
    public required Digest Model { get; init; }

    /// <summary>Digest of the round's metadata.</summary>
    public required Digest Metadata { get; init; }

    /// <summary>The version of the registry under which the round was opened: its members and keys are the round's.</summary>
    public required ulong RegistryVersion { get; init; }

    /// <summary>The members whose quantum link gave them no key in this round, and what they did.</summary>
    public required IReadOnlyDictionary<MemberId, RecordedLinkReport> LinkReports { get; init; }

    /// <summary>Digests of the ML-DSA signatures that the transactions are bound to: by step, and for commitments and attestations by step and member.</summary>
    public required IReadOnlyDictionary<(RecordKind Kind, MemberId? Member), Digest> Signatures { get; init; }
}
