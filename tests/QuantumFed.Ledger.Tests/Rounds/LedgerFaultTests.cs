using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>Each fault of the way to the node alone.</summary>
public sealed class LedgerFaultTests(AnvilFixture anvil) : IClassFixture<AnvilFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(ProxyFault.RequestLost))]
    [InlineData(nameof(ProxyFault.AnswerLost))]
    [InlineData(nameof(ProxyFault.Reset))]
    [InlineData(nameof(ProxyFault.Delayed))]
    [InlineData(nameof(ProxyFault.Duplicated))]
    [InlineData(nameof(ProxyFault.Shuffled))]
    [InlineData(nameof(ProxyFault.NullReceipts))]
    [InlineData(nameof(ProxyFault.TooManyRequests))]
    [InlineData(nameof(ProxyFault.ServerError))]
    [InlineData(nameof(ProxyFault.Truncated))]
    [InlineData(nameof(ProxyFault.CutOff))]
    [InlineData(nameof(ProxyFault.Trickle))]
    public async Task A_step_whose_every_call_fails_the_first_time_stands_once(string name)
    {
        ProxyFault fault = Enum.Parse<ProxyFault>(name);
        HashSet<string> seen = [];
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.OpenAsync(0);
        await using FaultyProxy proxy = new(anvil.Endpoint, (methods, _) => seen.Add(string.Join(',', methods)) ? fault : ProxyFault.None);
        using JsonRpcClient client = Client(proxy);
        using RoundLedger member = RoundLedger.Create(client, consortium.Deployment, consortium.AccountOf(0), TimeProvider.System);
        LedgerReceipt receipt = await member.CommitUpdateAsync(default, TestConsortium.Hash("update"), TestConsortium.Hash("s"), Token);
        Assert.False(receipt.AlreadyApplied);
        RoundRecord record = (await consortium.Coordinator.ReadRoundAsync(default, Token))!;
        Assert.Equal(receipt.TransactionHash, Assert.Single(record.Commitments).Value.Step.TransactionHash);
        Assert.Equal(1UL, await new EthereumNode(consortium.Client).TransactionCountAsync(consortium.AccountOf(0).Address, "pending", Token));
        Assert.True(proxy.Done[fault] >= 3);
    }

    [Theory]
    [InlineData(nameof(ProxyFault.RequestLost))]
    [InlineData(nameof(ProxyFault.Reset))]
    [InlineData(nameof(ProxyFault.TooManyRequests))]
    [InlineData(nameof(ProxyFault.ServerError))]
    [InlineData(nameof(ProxyFault.Truncated))]
    [InlineData(nameof(ProxyFault.CutOff))]
    [InlineData(nameof(ProxyFault.Trickle))]
    [InlineData(nameof(ProxyFault.Oversize))]
    public async Task A_fault_that_stays_is_said_and_costs_no_nonce(string name)
    {
        ProxyFault fault = Enum.Parse<ProxyFault>(name);
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.OpenAsync(0);
        await using FaultyProxy proxy = new(anvil.Endpoint, (_, _) => fault);
        using JsonRpcClient client = Client(proxy);
        using RoundLedger member = RoundLedger.Create(client, consortium.Deployment, consortium.AccountOf(0), TimeProvider.System);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => member.CommitUpdateAsync(default, TestConsortium.Hash("u"), TestConsortium.Hash("s"), Token));
        Assert.Empty((await consortium.Coordinator.ReadRoundAsync(default, Token))!.Commitments);
        await consortium.CommitAsync(0, 0);
        Assert.Equal(1UL, await new EthereumNode(consortium.Client).TransactionCountAsync(consortium.AccountOf(0).Address, "pending", Token));
    }

    [Fact]
    public async Task Answers_that_are_exchanged_reach_nobody()
    {
        await using FaultyProxy proxy = new(anvil.Endpoint, ProxyPlan.Random(1, 0.3, ProxyFault.Swapped));
        using JsonRpcClient client = Client(proxy);
        EthereumNode node = new(client);
        Digest genesis = (await node.HeaderAsync("0x0", Token))!.Hash;
        for (int i = 0; i < 40; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(async caller =>
            {
                if (caller % 2 == 0)
                    Assert.Equal(AnvilFixture.ChainId, await node.ChainIdAsync(Token));
                else
                    Assert.Equal(genesis, (await node.HeaderAsync("0x0", Token))!.Hash);
            }));
        }
        Assert.True(proxy.Done[ProxyFault.Swapped] > 10);
    }

    [Fact]
    public async Task A_receipt_that_never_comes_is_unavailable_and_the_next_try_finds_the_step_applied()
    {
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.OpenAsync(0);
        await using FaultyProxy proxy = new(
            anvil.Endpoint, (methods, _) => methods.Contains("eth_getTransactionReceipt") ? ProxyFault.NullReceipts : ProxyFault.None);
        using JsonRpcClient client = Client(proxy);
        TransactionOptions impatient = new() { ReceiptTimeout = TimeSpan.FromMilliseconds(500) };
        using RoundLedger member = RoundLedger.Create(client, consortium.Deployment, consortium.AccountOf(0), TimeProvider.System, impatient);
        await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => member.CommitUpdateAsync(default, TestConsortium.Hash("update 0 0"), TestConsortium.Hash("commitment's signature 0"), Token));
        Assert.True((await consortium.CommitAsync(0, 0)).AlreadyApplied);
    }

    [Fact]
    public async Task A_step_that_stands_already_is_found_although_its_receipt_is_late()
    {
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.OpenAsync(0);
        LedgerReceipt first = await consortium.CommitAsync(0, 0);
        await using FaultyProxy proxy = new(anvil.Endpoint, ProxyPlan.First("eth_getTransactionReceipt", 3, ProxyFault.NullReceipts));
        using JsonRpcClient client = Client(proxy);
        using RoundLedger member = RoundLedger.Create(client, consortium.Deployment, consortium.AccountOf(0), TimeProvider.System);
        LedgerReceipt second = await member.CommitUpdateAsync(
            default, TestConsortium.Hash("update 0 0"), TestConsortium.Hash("commitment's signature 0"), Token);
        Assert.Equal(first with { AlreadyApplied = true }, second);
    }

    // A client whose patience with an attempt, half of that with the call, ends when an answer begins to trickle, and no sooner.
    private static JsonRpcClient Client(FaultyProxy proxy)
    {
        TimeSpan limit = TimeSpan.FromMinutes(5);
        HeldTime time = new(limit / 2);
        proxy.Trickling = () => time.End(limit / 2);
        return JsonRpcClient.Create(proxy.Endpoint, time, limit);
    }
}
