namespace QuantumFed.Protocol;

/// <summary>A member as the agreement names it.</summary>
/// <param name="Id">Its name, also in its certificate.</param>
/// <param name="Account">Its ledger account.</param>
/// <param name="Key">The key of its records.</param>
/// <param name="Link">The policy of its quantum link to the coordinator; null if it has no such link.</param>
/// <param name="Suspended">Whether the members have suspended it by vote: never in the agreement itself, only in an agreement in force.</param>
public sealed record AgreedMember(MemberId Id, EthereumAddress Account, VerificationKey Key, LinkPolicy? Link = null, bool Suspended = false);
