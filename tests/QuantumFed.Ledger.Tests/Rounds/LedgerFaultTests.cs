namespace QuantumFed.Ledger.Tests;

public sealed class LedgerFaultTests(AnvilFixture anvil) : IClassFixture<AnvilFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lost_answer_and_late_receipts_do_not_lose_or_double_a_step() => await CommitsOnceAsync(
        (method, before) => method switch
        {
            "eth_sendRawTransaction" when before == 0 => FaultyNode.Fault.AnswerLost,
            "eth_getTransactionReceipt" when before < 3 => FaultyNode.Fault.NullAnswer,
            "eth_getTransactionReceipt" when before == 3 => FaultyNode.Fault.CallLost,
            _ => FaultyNode.Fault.None,
        });

    [Fact]
    public async Task A_receipt_that_never_comes_is_unavailable_and_the_next_try_finds_the_step_applied()
    {
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.OpenAsync(0);
        using JsonRpcClient client = JsonRpcClient.Create(
            anvil.Endpoint,
            TimeProvider.System,
            handler: new FaultyNode((method, _) => method == "eth_getTransactionReceipt" ? FaultyNode.Fault.NullAnswer : FaultyNode.Fault.None));
        TransactionOptions impatient = new() { ReceiptTimeout = TimeSpan.FromMilliseconds(200) };
        using RoundLedger member = RoundLedger.Create(client, consortium.Deployment, consortium.AccountOf(0), TimeProvider.System, impatient);
        await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => member.CommitUpdateAsync(default, TestConsortium.Hash("update 0 0"), TestConsortium.Hash("commitment's signature 0"), Token));
        Assert.True((await consortium.CommitAsync(0, 0)).AlreadyApplied);
    }

    [Fact]
    public async Task A_call_lost_before_it_was_sent_is_unavailable_and_leaves_nothing()
    {
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.OpenAsync(0);
        using JsonRpcClient client = JsonRpcClient.Create(
            anvil.Endpoint, TimeProvider.System, handler: new FaultyNode((method, _) => method == "eth_estimateGas" ? FaultyNode.Fault.CallLost : FaultyNode.Fault.None));
        using RoundLedger member = RoundLedger.Create(client, consortium.Deployment, consortium.AccountOf(0), TimeProvider.System);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => member.CommitUpdateAsync(default, TestConsortium.Hash("u"), TestConsortium.Hash("s"), Token));
        Assert.Empty((await consortium.Coordinator.ReadRoundAsync(default, Token))!.Commitments);
    }

    private async Task CommitsOnceAsync(Func<string, int, FaultyNode.Fault> faultOf)
    {
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.OpenAsync(0);
        using JsonRpcClient client = JsonRpcClient.Create(anvil.Endpoint, TimeProvider.System, handler: new FaultyNode(faultOf));
        using RoundLedger member = RoundLedger.Create(client, consortium.Deployment, consortium.AccountOf(0), TimeProvider.System);
        LedgerReceipt receipt = await member.CommitUpdateAsync(default, TestConsortium.Hash("update"), TestConsortium.Hash("s"), Token);
        Assert.False(receipt.AlreadyApplied);
        RoundRecord record = (await consortium.Coordinator.ReadRoundAsync(default, Token))!;
        Assert.Equal(receipt.TransactionHash, Assert.Single(record.Commitments).Value.Step.TransactionHash);
    }
}
