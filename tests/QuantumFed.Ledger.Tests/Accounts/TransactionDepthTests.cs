using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>How long a transaction is waited for that is in a block which does not count yet, on a chain that makes blocks when it is told.</summary>
public sealed class TransactionDepthTests : IAsyncLifetime
{
    private static readonly EthereumAddress Somebody = EthereumAddress.Parse("0x00000000000000000000000000000000000000aa");
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(0.5);

    private readonly LedgerAccount _account = LedgerAccount.Generate();
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private AnvilProcess? _anvil;
    private JsonRpcClient? _client;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        AnvilFixture.SkipWithoutAnvil();
        _anvil = await AnvilFixture.StartAsync(null, Token);
        _client = JsonRpcClient.Create(_anvil.Endpoint, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _account.Dispose();
        if (_anvil is not null)
            await _anvil.DisposeAsync();
    }

    [Fact]
    public async Task As_long_as_blocks_come_there_is_time_for_each()
    {
        using TransactionSender sender = Sender();
        Task<TransactionReceipt> sent = sender.SendAsync(Somebody, [1], Token);
        for (int block = 0; block < 3; block++)
        {
            await PassAsync(2, timers: 2, sent);
            Assert.False(sent.IsCompleted);
            await _client!.CallAsync("evm_mine", [], Token);
        }
        // Three seconds and more, where there are two for each block.
        await PassUntilAsync(sent, timers: 2);
        Assert.Equal(1UL, (await sent).BlockNumber);
    }

    [Fact]
    public async Task On_a_chain_that_makes_no_further_block_the_error_says_what_is_missing()
    {
        using TransactionSender sender = Sender();
        Task<TransactionReceipt> sent = sender.SendAsync(Somebody, [1], Token);
        await PassAsync(2, timers: 2, sent);
        await _client!.CallAsync("evm_mine", [], Token);
        await PassUntilAsync(sent, timers: 2);
        LedgerUnavailableException refusal = await Assert.ThrowsAsync<LedgerUnavailableException>(() => sent);
        Assert.Contains("is in a block that 1 others follow, 3 have to (confirmations), and none came for 2 s", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("the development chain", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_stands_already_is_waited_for_in_the_same_way()
    {
        EthereumNode node = new(_client!);
        Digest stands = await node.SendRawAsync(
            _account.Sign(new TransactionRequest { ChainId = AnvilFixture.ChainId, Nonce = 0, GasLimit = 50_000, To = Somebody }).Encoded, Token);
        using TransactionSender sender = Sender();
        Task<TransactionReceipt> found = sender.AwaitFinalAsync(stands, Token);
        for (int block = 0; block < 3; block++)
        {
            await PassAsync(2, timers: 1, found);
            Assert.False(found.IsCompleted);
            await _client!.CallAsync("evm_mine", [], Token);
        }
        await PassUntilAsync(found, timers: 1);
        Assert.Equal(stands, (await found).TransactionHash);
        using LedgerAccount other = LedgerAccount.Generate();
        Digest last = await node.SendRawAsync(
            other.Sign(new TransactionRequest { ChainId = AnvilFixture.ChainId, Nonce = 0, GasLimit = 50_000, To = Somebody }).Encoded, Token);
        found = sender.AwaitFinalAsync(last, Token);
        await PassUntilAsync(found, timers: 1);
        Assert.Contains("that 0 others follow", (await Assert.ThrowsAsync<LedgerUnavailableException>(() => found)).Message, StringComparison.Ordinal);
    }

    private TransactionSender Sender() => new(
        new EthereumNode(_client!), _account, AnvilFixture.ChainId, _time, new TransactionOptions { Confirmations = 3, ReceiptTimeout = TimeSpan.FromSeconds(2) });

    // However late the chain tells of a block, which is real time: nobody counts steps that have to be enough.
    private async Task PassUntilAsync(Task end, int timers)
    {
        for (int steps = 0; !end.IsCompleted; steps++)
        {
            Assert.InRange(steps, 0, 1000);
            await _time.AdvanceAsync(Step, timers, end, Token);
        }
    }

    private async Task PassAsync(int steps, int timers, Task unless)
    {
        for (int i = 0; i < steps; i++)
            await _time.AdvanceAsync(Step, timers, unless, Token);
    }
}
