using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>A chain that is not what it was: the next poll says so.</summary>
public sealed class ChainWatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qf-watch-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string StateFile => Path.Combine(_folder, "state.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_chain_that_goes_on_from_its_state_is_the_same_and_one_request_a_poll_tells()
    {
        AnvilFixture.SkipWithoutAnvil();
        AnvilProcess first = await AnvilFixture.StartAsync(StateFile, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(first.Endpoint);
        int requests = 0;
        await using (FaultyProxy proxy = new(first.Endpoint, (_, before) => (requests = before + 1) < 0 ? ProxyFault.Reset : ProxyFault.None))
        {
            using JsonRpcClient client = JsonRpcClient.Create(proxy.Endpoint, TimeProvider.System);
            ChainWatch counted = ChainWatch.Create(client, AnvilFixture.ChainId, null);
            counted.Remember(await consortium.OpenAsync(0), "the opening");
            await counted.PollAsync(Token);
            await counted.PollAsync(Token);
            Assert.Equal(2, requests);
        }
        ChainWatch watch = ChainWatch.Create(consortium.Client, AnvilFixture.ChainId, null);
        watch.Remember(await consortium.CommitAsync(0, 0), "the commitment");
        ChainView before = await watch.PollAsync(Token);
        await first.DisposeAsync();
        await using AnvilProcess second = await StartOnAsync(first.Endpoint.Port, StateFile);
        ChainView after = await watch.PollAsync(Token);
        Assert.Equal(before.Genesis, after.Genesis);
        Assert.True(after.Head.Number > before.Head.Number);
        Assert.Null(after.ReplacedFrom);
    }

    [Fact]
    public async Task A_chain_that_starts_from_an_older_state_is_refused_at_the_next_poll_with_what_was_lost()
    {
        AnvilFixture.SkipWithoutAnvil();
        string older = Path.Combine(_folder, "older.json");
        AnvilProcess first = await AnvilFixture.StartAsync(StateFile, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(first.Endpoint);
        LedgerReceipt opening = await consortium.OpenAsync(0);
        await first.DisposeAsync();
        File.Copy(StateFile, older);
        AnvilProcess second = await StartOnAsync(first.Endpoint.Port, StateFile);
        ChainWatch watch = ChainWatch.Create(consortium.Client, AnvilFixture.ChainId, null);
        watch.Remember(opening, "the opening of round 0");
        await watch.PollAsync(Token);
        LedgerReceipt commitment = await consortium.CommitAsync(0, 0);
        watch.Remember(commitment, "the commitment of round 0");
        await watch.PollAsync(Token);
        await second.DisposeAsync();
        await using AnvilProcess third = await StartOnAsync(first.Endpoint.Port, older);
        LedgerMismatchException refusal = await Assert.ThrowsAsync<LedgerMismatchException>(() => watch.PollAsync(Token));
        Assert.Contains($"Lost of this party's steps: the commitment of round 0 (transaction {commitment.TransactionHash}, block {commitment.BlockNumber}).", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the opening", refusal.Message, StringComparison.Ordinal);
        // Even when it has grown beyond what was seen.
        for (int i = 0; i < 5; i++)
            await consortium.MineAsync();
        Assert.Contains("rewritten", (await Assert.ThrowsAsync<LedgerMismatchException>(() => watch.PollAsync(Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fresh_chain_and_another_chain_on_the_same_port_are_refused_at_the_next_poll()
    {
        AnvilFixture.SkipWithoutAnvil();
        AnvilProcess first = await AnvilFixture.StartAsync(null, Token);
        using JsonRpcClient client = JsonRpcClient.Create(first.Endpoint, TimeProvider.System);
        ChainWatch watch = ChainWatch.Create(client, AnvilFixture.ChainId, null);
        await client.CallAsync("evm_mine", [], Token);
        await watch.PollAsync(Token);
        await first.DisposeAsync();
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => watch.PollAsync(Token));
        await using (await StartOnAsync(first.Endpoint.Port, null))
        {
            await Assert.ThrowsAsync<LedgerMismatchException>(() => watch.PollAsync(Token));
            ChainWatch pinned = ChainWatch.Create(client, AnvilFixture.ChainId, TestConsortium.Hash("another genesis"));
            LedgerMismatchException refusal = await Assert.ThrowsAsync<LedgerMismatchException>(() => pinned.PollAsync(Token));
            Assert.Contains("begins with another block", refusal.Message, StringComparison.Ordinal);
        }
        await using (await AnvilProcess.StartAsync(TestFiles.RepositoryRoot, first.Endpoint.Port, 4242, null, TimeProvider.System, Token))
            Assert.Contains("chain id is 4242", (await Assert.ThrowsAsync<LedgerMismatchException>(() => watch.PollAsync(Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_development_chain_killed_before_it_wrote_its_state_is_refused_with_what_it_lost()
    {
        AnvilFixture.SkipWithoutAnvil();
        AnvilProcess first = await AnvilFixture.StartAsync(StateFile, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(first.Endpoint);
        ChainWatch watch = ChainWatch.Create(consortium.Client, AnvilFixture.ChainId, null);
        watch.Remember(await consortium.OpenAsync(0), "the opening of round 0");
        // It writes its state once a second, so what comes right after such a write is lost.
        DateTime Written() => File.Exists(StateFile) ? File.GetLastWriteTimeUtc(StateFile) : default;
        DateTime written = Written();
        while (Written() == written)
            await Task.Delay(TimeSpan.FromMilliseconds(5), Token);
        byte[] state = await WholeStateAsync();
        LedgerReceipt commitment = await consortium.CommitAsync(0, 0);
        watch.Remember(commitment, "the commitment of round 0");
        using (Process anvil = Process.GetProcessById(first.ProcessId))
            anvil.Kill();
        await first.Exited;
        await first.DisposeAsync();
        // A busy machine may have let it write once more: this is what it would have left.
        await File.WriteAllBytesAsync(StateFile, state, Token);
        await using AnvilProcess second = await StartOnAsync(first.Endpoint.Port, StateFile);
        LedgerMismatchException refusal = await Assert.ThrowsAsync<LedgerMismatchException>(() => watch.PollAsync(Token));
        Assert.Contains($"the commitment of round 0 (transaction {commitment.TransactionHash}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blocks_above_the_depth_that_counts_may_be_replaced_and_none_below()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using JsonRpcClient client = JsonRpcClient.Create(anvil.Endpoint, TimeProvider.System);
        ChainWatch strict = ChainWatch.Create(client, AnvilFixture.ChainId, null), lenient = ChainWatch.Create(client, AnvilFixture.ChainId, null, confirmations: 3);
        using LedgerAccount account = LedgerAccount.Generate();
        using TransactionSender sender = new(new EthereumNode(client), account, AnvilFixture.ChainId, TimeProvider.System, new TransactionOptions());
        // Blocks with something in them: empty ones are replaced by their likes.
        for (byte i = 0; i < 10; i++)
        {
            await sender.SendAsync(account.Address, [1, i], Token);
            await lenient.PollAsync(Token);
            await strict.PollAsync(Token);
        }
        await client.CallAsync("anvil_reorg", [2, new JsonArray()], Token);
        Assert.Equal(8UL, (await lenient.PollAsync(Token)).ReplacedFrom);
        await Assert.ThrowsAsync<LedgerMismatchException>(() => strict.PollAsync(Token));
        await client.CallAsync("evm_mine", [], Token);
        Assert.Null((await lenient.PollAsync(Token)).ReplacedFrom);
        await client.CallAsync("anvil_reorg", [6, new JsonArray()], Token);
        await Assert.ThrowsAsync<LedgerMismatchException>(() => lenient.PollAsync(Token));
    }

    // It is being written while this reads, perhaps.
    private async Task<byte[]> WholeStateAsync()
    {
        while (true)
        {
            byte[] state = await File.ReadAllBytesAsync(StateFile, Token);
            try
            {
                if (JsonNode.Parse(state) is not null)
                    return state;
            }
            catch (JsonException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), Token);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_step_that_counted_may_not_be_replaced_at_any_depth_nor_after_a_restart(bool restarted)
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        ChainWatch watch = ChainWatch.Create(consortium.Client, AnvilFixture.ChainId, null, confirmations: 3);
        await watch.PollAsync(Token);
        LedgerReceipt opening = await consortium.OpenAsync(0);
        if (restarted)
            watch.Remember(new ChainMark(opening.BlockNumber, opening.BlockHash));
        else
            watch.Remember(opening, "the opening of round 0");
        await watch.PollAsync(Token);
        await consortium.Client.CallAsync("anvil_reorg", [1, new JsonArray()], Token);
        await consortium.MineAsync();
        LedgerMismatchException refusal = await Assert.ThrowsAsync<LedgerMismatchException>(() => watch.PollAsync(Token));
        Assert.Contains(restarted ? $"has lost block {opening.BlockNumber}" : "the opening of round 0", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_was_taken_again_in_a_block_of_the_same_number_is_the_one_that_counts()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        ChainWatch watch = ChainWatch.Create(consortium.Client, AnvilFixture.ChainId, null, confirmations: 3);
        LedgerReceipt first = await consortium.OpenAsync(0);
        await watch.PollAsync(Token);
        await consortium.Client.CallAsync("anvil_rollback", [1], Token);
        // Another process of the coordinator's, which knows nothing of the first block.
        using RoundLedger restarted = consortium.LedgerOf(consortium.CoordinatorAccount);
        LedgerReceipt second = await restarted.OpenRoundAsync(
            default, TestConsortium.Hash("another plan"), TestConsortium.Hash("model 0"), await consortium.DeadlineAsync(), 3, TestConsortium.Hash("opening"), Token);
        Assert.Equal(first.BlockNumber, second.BlockNumber);
        Assert.NotEqual(first.BlockHash, second.BlockHash);
        watch.Remember(second, "the opening of round 0");
        Assert.Null((await watch.PollAsync(Token)).ReplacedFrom);
    }

    [Fact]
    public async Task A_step_that_comes_to_count_while_the_node_is_asked_is_not_forgotten()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await using FaultyProxy proxy = new(anvil.Endpoint, (_, _) => ProxyFault.None);
        using JsonRpcClient client = JsonRpcClient.Create(proxy.Endpoint, TimeProvider.System);
        ChainWatch watch = ChainWatch.Create(client, AnvilFixture.ChainId, null, confirmations: 3);
        await consortium.OpenAsync(0);
        await watch.PollAsync(Token);
        await consortium.Client.CallAsync("anvil_reorg", [1, new JsonArray()], Token);
        LedgerHead head = await consortium.Coordinator.HeadAsync(Token);
        await consortium.MineAsync();
        proxy.BeforeForwarding = _ =>
        {
            watch.Remember(new ChainMark(head.BlockNumber, head.Hash));
            return Task.CompletedTask;
        };
        Assert.NotNull((await watch.PollAsync(Token)).ReplacedFrom);
        proxy.BeforeForwarding = null;
        await consortium.Client.CallAsync("anvil_rollback", [2], Token);
        await consortium.Client.CallAsync("evm_increaseTime", [100], Token);
        await consortium.MineAsync();
        Assert.NotEqual(head.Hash, await consortium.Coordinator.BlockHashAsync(head.BlockNumber, Token));
        await Assert.ThrowsAsync<LedgerMismatchException>(() => watch.PollAsync(Token));
    }

    private static Task<AnvilProcess> StartOnAsync(int port, string? stateFile) =>
        AnvilProcess.StartAsync(TestFiles.RepositoryRoot, port, AnvilFixture.ChainId, stateFile, TimeProvider.System, Token);
}
