using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>
/// Which seal an update of a member with a quantum link may come under. The coordinator asks before it takes the update, whoever replays the round
/// asks again: the signed header stands in the transcript.
/// </summary>
public static class SealRules
{
    /// <summary>Null if the seal is one that the member's policy allows; otherwise why not.</summary>
    /// <param name="member">The member, with a quantum link or without.</param>
    /// <param name="commitment">The update that the seal carried.</param>
    /// <param name="seal">The signed header of the seal, or null if there is none.</param>
    /// <param name="report">What the member reported of its link, as the ledger has it.</param>
    public static string? Refusal(AgreedMember member, Digest commitment, SignedMessage? seal, RecordedLinkReport? report)
    {
        if (member.Link is not { } policy)
            return null;
        if (seal is null || !TryOpen(member, commitment, seal, out PayloadHeader? header))
            return $"The header of the seal of '{member.Id}' is missing, or not signed by it for this update.";
        return header.Mode switch
        {
            PayloadMode.MLKemAndQuantumKey => null,
            PayloadMode.MLKemOnly when policy.Kind != LinkPolicyKind.AllowPostQuantumOnly =>
                $"'{member.Id}' sealed its update without a key of its quantum link, which its policy ({policy}) does not allow.",
            PayloadMode.MLKemOnly when report?.Outcome != LinkOutcome.Downgraded =>
                $"'{member.Id}' sealed its update without a key of its quantum link, and the ledger has no report of that downgrade.",
            PayloadMode.MLKemOnly => null,
            _ => $"The seal of '{member.Id}' has a mode that this version does not know.",
        };
    }

    private static bool TryOpen(AgreedMember member, Digest commitment, SignedMessage seal, [NotNullWhen(true)] out PayloadHeader? header)
    {
        header = null;
        return seal.Signer == member.Id && seal.TryOpen(member.Key, out header) && header.Commitment == commitment;
    }
}
