using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>What a proposal would change, in words.</summary>
public static class ProposalText
{
    /// <summary>The change, of a party in the agreement's name.</summary>
    public static string Of(PartyDirectory parties, RegistryChange change, EthereumAddress account, PartyRole? role)
    {
        ArgumentNullException.ThrowIfNull(parties);
        return Of(change, parties.NameOf(account), role);
    }

    /// <summary>The change, of a party of this name; the role is that of an admission or of a change of role.</summary>
    public static string Of(RegistryChange change, string party, PartyRole? role) => change switch
    {
        RegistryChange.Admit => $"admit {party} as {NameOf(role)}",
        RegistryChange.Suspend => $"suspend {party}",
        RegistryChange.Reinstate => $"reinstate {party}",
        RegistryChange.SetRole => $"make {party} {NameOf(role)}",
        _ => $"give {party} new keys",
    };

    private static string NameOf(PartyRole? role) => $"{role}".ToLowerInvariant();
}
