using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>What a proposal would change, in words.</summary>
internal static class ProposalText
{
    public static string Of(PartyDirectory parties, RegistryChange change, EthereumAddress account, PartyRole? role) => Of(change, parties.NameOf(account), role);

    public static string Of(RegistryChange change, string party, PartyRole? role) => change switch
    {
        RegistryChange.Admit => $"admit {party} as {role}",
        RegistryChange.Suspend => $"suspend {party}",
        RegistryChange.Reinstate => $"reinstate {party}",
        RegistryChange.SetRole => $"make {party} {role}",
        _ => $"give {party} new keys",
    };
}
