using System.Text.Json.Nodes;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>Events as they come, through replaced blocks and nodes that limit what they answer.</summary>
public sealed class LogFollowerTests : IAsyncLifetime
{
    private AnvilProcess _anvil = null!;
    private TestConsortium _consortium = null!;

    // The constructor's: the coordinator, then four members.
    private static string[] Founding { get; } = ["ConsortiumFounded", .. Enumerable.Repeat("PartyAdmitted", 5)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        AnvilFixture.SkipWithoutAnvil();
        _anvil = await AnvilFixture.StartAsync(null, Token);
        _consortium = await TestConsortium.FoundAsync(_anvil.Endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        if (_anvil is null)
            return;
        _consortium.Dispose();
        await _anvil.DisposeAsync();
    }

    [Fact]
    public async Task Every_event_comes_once_in_the_chains_order()
    {
        LogFollower follower = LogFollower.Create(_consortium.Client, _consortium.Deployment, 0);
        Assert.Equal(Founding, (await follower.PollAsync(Token)).Cast<LedgerEvent>().Select(told => told.Name));
        Assert.Empty(await follower.PollAsync(Token));
        LedgerReceipt opening = await _consortium.OpenAsync(0);
        LedgerReceipt commitment = await _consortium.CommitAsync(0, 0);
        IReadOnlyList<LedgerNews> news = await follower.PollAsync(Token);
        LedgerEvent[] events = [.. news.Cast<LedgerEvent>()];
        Assert.Equal(["RoundOpened", "UpdateCommitted"], events.Select(told => told.Name));
        Assert.Equal([opening.BlockHash, commitment.BlockHash], events.Select(told => told.Block.Hash));
        Assert.Equal([opening.TransactionHash, commitment.TransactionHash], events.Select(told => told.TransactionHash));
        Assert.Contains(new KeyValuePair<string, object>("member", _consortium.Addresses[0]), events[1].Arguments);
        Assert.Empty(await follower.PollAsync(Token));
        await _consortium.CommitAsync(0, 1);
        Assert.Single(await follower.PollAsync(Token));
        // From a later block only what is there.
        Assert.Equal(2, (await LogFollower.Create(_consortium.Client, _consortium.Deployment, commitment.BlockNumber).PollAsync(Token)).Count);
    }

    [Fact]
    public async Task What_the_registry_says_comes_between_what_the_rounds_say()
    {
        LogFollower follower = LogFollower.Create(_consortium.Client, _consortium.Deployment, (await _consortium.Coordinator.HeadAsync(Token)).BlockNumber + 1);
        using TestGovernance governance = new(_consortium);
        await _consortium.OpenAsync(0);
        await governance.ProposeAsync(governance.Members[0], RegistryChange.Suspend, _consortium.Addresses[3]);
        await _consortium.CommitAsync(0, 0);
        Assert.Equal(["RoundOpened", "ProposalMade", "UpdateCommitted"], (await follower.PollAsync(Token)).Cast<LedgerEvent>().Select(told => told.Name));
    }

    [Fact]
    public async Task A_long_chain_is_read_in_parts()
    {
        ulong opened = (await _consortium.OpenAsync(0)).BlockNumber;
        for (ulong i = 0; i < 2 * opened; i++)
            await _consortium.MineAsync();
        await _consortium.CommitAsync(0, 0);
        LogFollower follower = LogFollower.Create(_consortium.Client, _consortium.Deployment, 0);
        follower.MostBlocks = opened + 1;
        Assert.Equal(Founding.Append("RoundOpened"), (await follower.PollAsync(Token)).Cast<LedgerEvent>().Select(told => told.Name));
        Assert.True(follower.IsBehind);
        Assert.Empty(await follower.PollAsync(Token));
        Assert.True(follower.IsBehind);
        Assert.Equal("UpdateCommitted", Assert.IsType<LedgerEvent>(Assert.Single(await follower.PollAsync(Token))).Name);
        Assert.False(follower.IsBehind);
    }

    [Fact]
    public async Task Events_of_replaced_blocks_are_called_back_and_those_in_their_place_follow()
    {
        LogFollower follower = LogFollower.Create(_consortium.Client, _consortium.Deployment, 0);
        LogFollower patient = LogFollower.Create(_consortium.Client, _consortium.Deployment, 0, confirmations: 3);
        LedgerReceipt opening = await _consortium.OpenAsync(0);
        for (int member = 0; member < 3; member++)
            await _consortium.CommitAsync(0, member);
        Assert.Equal(Founding.Length + 4, (await follower.PollAsync(Token)).Count);
        Assert.Equal(Founding.Length + 1, (await patient.PollAsync(Token)).Count);
        await _consortium.Client.CallAsync("anvil_reorg", [2, new JsonArray()], Token);
        Assert.Equal([new LedgerRollback(opening.BlockNumber + 1)], await follower.PollAsync(Token));
        Assert.Empty(await patient.PollAsync(Token));
        LedgerReceipt again = await _consortium.CommitAsync(0, 3);
        LedgerEvent told = Assert.IsType<LedgerEvent>(Assert.Single(await follower.PollAsync(Token)));
        Assert.Equal(again.TransactionHash, told.TransactionHash);
        for (int i = 0; i < 3; i++)
            await _consortium.MineAsync();
        // One who waits for depth never hears of what did not stay.
        Assert.Equal(
            [_consortium.Addresses[0], _consortium.Addresses[3]],
            (await patient.PollAsync(Token)).Cast<LedgerEvent>().Select(late => late.Arguments.First(argument => argument.Key == "member").Value));
    }

    [Fact]
    public async Task A_chain_that_was_exchanged_altogether_is_refused()
    {
        LogFollower follower = LogFollower.Create(_consortium.Client, _consortium.Deployment, 2);
        await _consortium.OpenAsync(0);
        await follower.PollAsync(Token);
        int port = _anvil.Endpoint.Port;
        await _anvil.DisposeAsync();
        _anvil = await AnvilProcess.StartAsync(TestFiles.RepositoryRoot, port, AnvilFixture.ChainId, null, TimeProvider.System, Token);
        await Assert.ThrowsAsync<LedgerMismatchException>(() => follower.PollAsync(Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task A_node_that_limits_the_range_is_asked_for_less(int limit)
    {
        await _consortium.CloseAsync(0);
        for (int i = 0; i < 40; i++)
            await _consortium.MineAsync();
        await _consortium.Members[0].DisputeAsync(default, TestConsortium.Hash("evidence"), TestConsortium.Hash("s"), Token);
        using JsonRpcClient limited = JsonRpcClient.Create(_anvil.Endpoint, TimeProvider.System, handler: new LimitedNode((ulong)limit));
        LogFollower follower = LogFollower.Create(limited, _consortium.Deployment, 0), free = LogFollower.Create(_consortium.Client, _consortium.Deployment, 0);
        IReadOnlyList<LedgerNews> expected = await free.PollAsync(Token);
        Assert.Equal(Founding.Length + 8, expected.Count);
        Assert.Equal(
            expected.Cast<LedgerEvent>().Select(told => (told.Name, told.Block, told.TransactionHash)),
            (await follower.PollAsync(Token)).Cast<LedgerEvent>().Select(told => (told.Name, told.Block, told.TransactionHash)));
        using RoundLedger reader = RoundLedger.Create(limited, _consortium.Deployment, null, TimeProvider.System);
        Assert.Equal(await _consortium.Coordinator.ReadRoundAsync(default, Token), await reader.ReadRoundAsync(default, Token));
    }

    [Fact]
    public async Task A_node_that_refuses_even_one_block_is_said()
    {
        using JsonRpcClient limited = JsonRpcClient.Create(_anvil.Endpoint, TimeProvider.System, handler: new LimitedNode(0));
        LedgerRejectedException refusal = await Assert.ThrowsAsync<LedgerRejectedException>(
            () => LogFollower.Create(limited, _consortium.Deployment, 0).PollAsync(Token));
        Assert.Contains("range limit", refusal.Message, StringComparison.Ordinal);
    }

    // Besu's words for a range that is too wide.
    private sealed class LimitedNode(ulong limit) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            JsonNode call = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            if (call is not JsonObject || (string)call["method"]! != "eth_getLogs")
                return await base.SendAsync(request, cancellationToken);
            ulong Block(string name) => Convert.ToUInt64((string)call["params"]![0]![name]!, 16);
            return Block("toBlock") - Block("fromBlock") + 1 <= limit
                ? await base.SendAsync(request, cancellationToken)
                : ScriptedNode.Json($"{{\"id\":{call["id"]},\"error\":{{\"code\":-32005,\"message\":\"Requested range exceeds maximum range limit\"}}}}");
        }
    }
}
