namespace QuantumFed.Protocol;

/// <summary>What a signed record says. The kind selects the FIPS 204 context string, so that a signature over one kind never passes for another.</summary>
public enum RecordKind : byte
{
    /// <summary>A party's consent to the consortium's agreement: the body is the agreement's digest.</summary>
    Consent = 1,

    /// <summary>A committee member's encapsulation key for one round.</summary>
    RoundKey = 2,

    /// <summary>The coordinator's plan of a round.</summary>
    RoundPlan = 3,

    /// <summary>What a member commits to before it uploads.</summary>
    UpdateManifest = 4,

    /// <summary>The header of a sealed payload.</summary>
    PayloadHeader = 5,

    /// <summary>A committee member's findings on the shares dealt to it.</summary>
    ShareReport = 6,

    /// <summary>The set of a round, with the exclusions.</summary>
    RoundClosing = 7,

    /// <summary>A committee member's share of the key sum.</summary>
    KeySumShare = 8,

    /// <summary>What the opened sum decoded to, and the next model.</summary>
    RoundOutcome = 9,

    /// <summary>The coordinator's finalisation: transcript root and model.</summary>
    Finalization = 10,

    /// <summary>A member's word that it replayed the round.</summary>
    Attestation = 11,

    /// <summary>The coordinator's giving up of a round before its closing.</summary>
    Abandonment = 12,

    /// <summary>A member's word that its quantum link gave it no key in a round.</summary>
    LinkReport = 13,

    /// <summary>A party's proposal to change the consortium's registry.</summary>
    RegistryProposal = 14,

    /// <summary>A member's vote on a proposal.</summary>
    RegistryVote = 15,

    /// <summary>A party's word that it held a key ceremony.</summary>
    KeyCeremony = 16,
}
