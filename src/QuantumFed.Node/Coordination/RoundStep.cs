namespace QuantumFed.Node;

/// <summary>What the coordinator is at in a round. The steps follow each other without gaps.</summary>
public enum RoundStep
{
    /// <summary>Collecting the committee's keys, planning, opening on the ledger.</summary>
    Keys,

    /// <summary>Members train, encrypt and commit, until the commitments are frozen on the ledger.</summary>
    Training,

    /// <summary>Members upload what they committed to.</summary>
    Upload,

    /// <summary>The committee checks its shares; the set is fixed on the ledger.</summary>
    Shares,

    /// <summary>The committee opens the key sum; the sum is decoded.</summary>
    Opening,

    /// <summary>The transcript is archived and the model put on the ledger.</summary>
    Finalising,

    /// <summary>Members replay the round and attest to it.</summary>
    Attesting,

    /// <summary>The round's blocks are saved.</summary>
    Archiving,
}
