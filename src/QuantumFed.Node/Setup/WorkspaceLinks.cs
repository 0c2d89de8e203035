using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>The quantum links of a workspace: one between each member and the coordinator.</summary>
/// <param name="Policy">What a member does when its link gives no key.</param>
/// <param name="KeyManagers">By member, the key managers at the member's and at the coordinator's end.</param>
public sealed record WorkspaceLinks(
    LinkPolicy Policy, IReadOnlyDictionary<MemberId, (KeyManagerSettings OfMember, KeyManagerSettings OfCoordinator)> KeyManagers);
