using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>A federation, of four members unless told, on a chain of its own or a shared one, and the steps of a round.</summary>
internal sealed class TestConsortium : IDisposable
{
    private readonly LedgerAccount _coordinatorAccount = LedgerAccount.Generate();
    private readonly LedgerAccount[] _memberAccounts;

    private TestConsortium(Uri endpoint, int members, LedgerAccount? first)
    {
        _memberAccounts = [.. Enumerable.Range(0, members).Select(i => (i == 0 ? first : null) ?? LedgerAccount.Generate()).OrderBy(account => account.Address)];
        Client = JsonRpcClient.Create(endpoint, TimeProvider.System);
        Charter = ConsortiumCharter.Create(
            new FederationId(Hash("federation")),
            Hash("agreement"),
            new CharterParty(_coordinatorAccount.Address, Hash("coordinator's key")),
            _memberAccounts.Select(account => new CharterParty(account.Address, Hash($"key of {account.Address}"))),
            VotingRules.Default,
            Hash("model 0"));
    }

    public JsonRpcClient Client { get; }

    public ConsortiumCharter Charter { get; }

    public LedgerDeployment Deployment { get; private set; } = null!;

    public RoundLedger Coordinator { get; private set; } = null!;

    public RoundLedger[] Members { get; private set; } = [];

    public EthereumAddress[] Addresses => [.. _memberAccounts.Select(account => account.Address)];

    public LedgerAccount CoordinatorAccount => _coordinatorAccount;

    public LedgerAccount AccountOf(int member) => _memberAccounts[member];

    public static Digest Hash(string text) => Digest.Of(Encoding.UTF8.GetBytes(text));

    public static async Task<TestConsortium> FoundAsync(Uri endpoint, int members = 4, LedgerAccount? first = null)
    {
        TestConsortium consortium = new(endpoint, members, first);
        using LedgerAccount deployer = LedgerAccount.Generate();
        consortium.Deployment = await LedgerDeployer.DeployAsync(consortium.Client, deployer, consortium.Charter, TestContext.Current.CancellationToken);
        consortium.Coordinator = consortium.LedgerOf(consortium._coordinatorAccount);
        consortium.Members = [.. consortium._memberAccounts.Select(consortium.LedgerOf)];
        return consortium;
    }

    public RoundLedger LedgerOf(LedgerAccount? account) => RoundLedger.Create(Client, Deployment, account, TimeProvider.System);

    public async Task<ulong> DeadlineAsync(ulong seconds = 600) => (await Coordinator.HeadAsync(TestContext.Current.CancellationToken)).Timestamp + seconds;

    public async Task<LedgerReceipt> OpenAsync(ulong round, string model = "model 0") => await Coordinator.OpenRoundAsync(
        new RoundId(round), Hash($"plan {round}"), Hash(model), await DeadlineAsync(), 3, Hash("opening"), TestContext.Current.CancellationToken);

    public Task<LedgerReceipt> CommitAsync(ulong round, int member) => Members[member].CommitUpdateAsync(
        new RoundId(round), Hash($"update {round} {member}"), Hash($"commitment's signature {member}"), TestContext.Current.CancellationToken);

    public async Task FreezeAsync(ulong round)
    {
        await OpenAsync(round);
        for (int member = 0; member < Members.Length; member++)
            await CommitAsync(round, member);
        await Coordinator.FreezeCommitmentsAsync(new RoundId(round), [], TestContext.Current.CancellationToken);
    }

    public async Task<LedgerReceipt> CloseAsync(ulong round)
    {
        await FreezeAsync(round);
        // Given in the wrong order on purpose.
        return await Coordinator.CloseRoundAsync(
            new RoundId(round), [Addresses[3], Addresses[0], Addresses[1]], [new RoundExclusion(Addresses[2], 5)], Hash("set"), Hash("closing"),
            TestContext.Current.CancellationToken);
    }

    public async Task<LedgerReceipt> FinalizeAsync(ulong round)
    {
        await CloseAsync(round);
        return await Coordinator.FinalizeRoundAsync(
            new RoundId(round), Hash("transcript"), Hash("model 1"), Hash("metadata"), Hash("finalizing"), TestContext.Current.CancellationToken);
    }

    public Task AdvanceTimeAsync(ulong seconds) => AnvilAsync("evm_increaseTime", RpcJson.Quantity(seconds));

    public Task MineAsync() => AnvilAsync("evm_mine");

    public async Task<List<BlockEvidence>> CaptureAsync()
    {
        List<BlockEvidence> blocks = [];
        LedgerHead head = await Coordinator.HeadAsync(TestContext.Current.CancellationToken);
        await ChainArchive.CaptureAsync(
            Client,
            0,
            head.BlockNumber,
            (block, _) =>
            {
                blocks.Add(block);
                return ValueTask.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        return blocks;
    }

    public void Dispose()
    {
        Client.Dispose();
        Coordinator?.Dispose();
        foreach (RoundLedger member in Members)
            member.Dispose();
        _coordinatorAccount.Dispose();
        foreach (LedgerAccount account in _memberAccounts)
            account.Dispose();
    }

    private Task<JsonElement> AnvilAsync(string method, params string[] parameters) => Client.CallAsync(
        method, [.. parameters.Select(parameter => (JsonNode)parameter)], TestContext.Current.CancellationToken);
}
