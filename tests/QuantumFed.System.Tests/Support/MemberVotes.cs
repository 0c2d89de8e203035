using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>Votes that members of a workspace cast with the keys in their folders.</summary>
internal static class MemberVotes
{
    /// <summary>Suspends or reinstates a member: the first of the voters proposes it, the others vote until it is carried.</summary>
    public static async Task CarryAsync(
        WorkspaceLayout layout, ConsortiumAgreement agreement, JsonRpcClient client, RegistryChange change, int about, IEnumerable<int> voters,
        CancellationToken cancellation)
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
                number = await voting.ProposeAsync(change, agreement.Members[about].Account, null, default, default, cancellation);
            if (await voting.TryExecuteAsync(number.Value, cancellation))
                return;
        }
        Assert.Fail($"Proposal {number} was not carried.");
    }
}
