namespace QuantumFed.Protocol;

/// <summary>Why a round was given up before its closing. The numbers stand on the ledger.</summary>
public enum AbandonReason : byte
{
    /// <summary>Too few members committed by the deadline.</summary>
    TooFewCommitments = 1,

    /// <summary>Too few would be in the set, or too few of the committee reported.</summary>
    TooFewParticipants = 2,

    /// <summary>The coordinator was restarted in the middle of it.</summary>
    Restarted = 3,

    /// <summary>The members changed the registry while the round was being opened: its plan was made under other keys or members.</summary>
    RegistryChanged = 4,

    /// <summary>A member committed that was admitted by vote and that the agreement has no name for.</summary>
    UnnamedMember = 5,
}
