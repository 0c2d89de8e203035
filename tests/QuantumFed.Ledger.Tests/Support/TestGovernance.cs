using System.Security.Cryptography;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>The members of a test consortium, proposing and voting. Their signatures have the right length and mean nothing: the contract cannot tell.</summary>
internal sealed class TestGovernance : IDisposable
{
    private readonly TestConsortium _consortium;

    public TestGovernance(TestConsortium consortium)
    {
        _consortium = consortium;
        Coordinator = Of(consortium.CoordinatorAccount);
        Members = [.. Enumerable.Range(0, consortium.Addresses.Length).Select(member => Of(consortium.AccountOf(member)))];
    }

    public RegistryLedger Coordinator { get; }

    public RegistryLedger[] Members { get; }

    public static byte[] Signature { get; } = RandomNumberGenerator.GetBytes(SignedMessage.SignatureSizeInBytes);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public RegistryLedger Of(LedgerAccount? account) => RegistryLedger.Create(_consortium.Client, _consortium.Deployment, account, TimeProvider.System);

    public RegistryProposal Words(ulong number, RegistryChange change, EthereumAddress account, PartyRole? role = null, byte[]? key = null, byte[]? sealing = null) => new(
        _consortium.Charter.FederationId, _consortium.Deployment.ChainId, _consortium.Deployment.Registry, number, change, account, role,
        key is null ? default : Digest.Of(key), sealing is null ? default : Digest.Of(sealing));

    public async Task<LedgerReceipt> ProposeAsync(
        RegistryLedger by, RegistryChange change, EthereumAddress account, PartyRole? role = null, byte[]? key = null, byte[]? sealing = null)
    {
        ulong number = (ulong)(await by.ReadAsync(Token)).Proposals.Length;
        return await by.ProposeAsync(Words(number, change, account, role, key, sealing), key, sealing, Signature, Token);
    }

    public Task<LedgerReceipt> VoteAsync(int member, ulong number, bool support = true) => Members[member].VoteAsync(
        new RegistryVote(_consortium.Charter.FederationId, _consortium.Deployment.ChainId, _consortium.Deployment.Registry, number, default, support), Signature, Token);

    /// <summary>Proposes, three of four members vote yes, one executes.</summary>
    public async Task CarryAsync(RegistryChange change, EthereumAddress account, PartyRole? role = null, byte[]? key = null, byte[]? sealing = null)
    {
        await ProposeAsync(Members[0], change, account, role, key, sealing);
        ulong number = (ulong)(await Members[0].ReadAsync(Token)).Proposals.Length - 1;
        for (int member = 0; member < 3; member++)
            await VoteAsync(member, number);
        await Members[0].ExecuteAsync(number, Token);
    }

    public void Dispose()
    {
        Coordinator.Dispose();
        foreach (RegistryLedger member in Members)
            member.Dispose();
    }
}
