using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>The quantum links of a workspace: one between each member and the coordinator.</summary>
/// <param name="Policy">What a member does when its link gives no key.</param>
/// <param name="Settings">By member, its link; the member is at the transmitter's end.</param>
public sealed record WorkspaceLinks(LinkPolicy Policy, IReadOnlyDictionary<MemberId, LinkSettings> Settings)
{
    /// <summary>Where a member finds its key manager.</summary>
    public KeyManagerSettings OfMember(MemberId member) => At(Settings[member].Transmitter);

    /// <summary>Where the coordinator finds its key managers, by member.</summary>
    public IReadOnlyDictionary<string, KeyManagerSettings> OfCoordinator => Settings.ToDictionary(pair => pair.Key.Name, pair => At(pair.Value.Receiver));

    private static KeyManagerSettings At(LinkEndSettings end) => new(new Uri($"https://{end.Listen}"), end.Name);
}
