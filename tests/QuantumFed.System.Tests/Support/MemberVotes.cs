using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>Votes that members of a workspace cast with the keys in their folders.</summary>
internal static class MemberVotes
{
    /// <summary>Suspends or reinstates a member.</summary>
    public static Task CarryAsync(
        WorkspaceLayout layout, ConsortiumAgreement agreement, JsonRpcClient client, RegistryChange change, int about, IEnumerable<int> voters,
        CancellationToken cancellation) =>
        CarryAsync(layout, agreement, client, change, agreement.Members[about].Account, null, default, voters, cancellation);

    /// <summary>Changes the registry: the first of the voters proposes it, the others vote until it is carried.</summary>
    public static async Task CarryAsync(
        WorkspaceLayout layout, ConsortiumAgreement agreement, JsonRpcClient client, RegistryChange change, EthereumAddress account, PartyRole? role,
        ReadOnlyMemory<byte> signingKey, IEnumerable<int> voters, CancellationToken cancellation)
    {
        ulong? number = null;
        foreach (AgreedMember member in voters.Select(voter => agreement.Members[voter]))
        {
            var folder = new PartyFolder(layout.Member(member.Id));
            using LedgerAccount own = folder.ReadAccount(member.Account);
            using RegistryVoting voting = RegistryVoting.Create(agreement, client, folder, own, TimeProvider.System);
            if (number is { } known)
                await voting.VoteAsync(known, support: true, cancellation);
            else
                number = await voting.ProposeAsync(change, account, role, signingKey, default, cancellation);
            if (await voting.TryExecuteAsync(number.Value, cancellation))
                return;
        }
        Assert.Fail($"Proposal {number} was not carried.");
    }
}
