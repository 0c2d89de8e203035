using System.Text.Json;
using System.Text.Json.Nodes;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>One account's nonces, on a chain where anybody may send for nothing: transfers of nothing with some data.</summary>
public sealed class TransactionSenderTests : IClassFixture<AnvilFixture>, IDisposable
{
    private static readonly EthereumAddress Somebody = EthereumAddress.Parse("0x00000000000000000000000000000000000000aa");

    private readonly AnvilFixture _anvil;
    private readonly string _folder = Directory.CreateTempSubdirectory("qf-sender-").FullName;
    private readonly LedgerAccount _account = LedgerAccount.Generate();
    private readonly JsonRpcClient _client;
    private readonly EthereumNode _node;

    public TransactionSenderTests(AnvilFixture anvil)
    {
        _anvil = anvil;
        _client = JsonRpcClient.Create(anvil.Endpoint, TimeProvider.System);
        _node = new EthereumNode(_client);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _account.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Many_calls_at_once_have_the_nonces_without_a_gap()
    {
        using TransactionJournal journal = TransactionJournal.Open(_folder);
        await using FaultyProxy proxy = new(
            _anvil.Endpoint, ProxyPlan.Random(7, 0.15, ProxyFault.RequestLost, ProxyFault.AnswerLost, ProxyFault.Duplicated, ProxyFault.NullReceipts, ProxyFault.Shuffled));
        using JsonRpcClient client = JsonRpcClient.Create(proxy.Endpoint, TimeProvider.System);
        using TransactionSender sender = Sender(new EthereumNode(client), journal);
        TransactionReceipt[] receipts = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => sender.SendAsync(Somebody, [(byte)i], Token)));
        Assert.Equal(20, receipts.Select(receipt => receipt.TransactionHash).Distinct().Count());
        Assert.Equal(20UL, await CountAsync());
        Assert.Empty(journal.Pending());
    }

    [Fact]
    public async Task The_same_call_made_twice_at_once_is_one_transaction()
    {
        using TransactionSender sender = Sender(_node, null);
        TransactionReceipt[] receipts = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => sender.SendAsync(Somebody, [7], Token)));
        Assert.Single(receipts.Select(receipt => receipt.TransactionHash).Distinct());
        Assert.Equal(1UL, await CountAsync());
    }

    [Fact]
    public async Task A_transaction_that_is_refused_for_good_leaves_no_gap_for_those_behind_it()
    {
        bool refusing = true;
        await using FaultyProxy proxy = new(
            _anvil.Endpoint, (methods, _) => refusing && methods.Contains("eth_sendRawTransaction") ? ProxyFault.Refused : ProxyFault.None);
        using JsonRpcClient client = JsonRpcClient.Create(proxy.Endpoint, TimeProvider.System);
        using TransactionJournal journal = TransactionJournal.Open(_folder);
        using TransactionSender sender = Sender(new EthereumNode(client), journal);
        LedgerRejectedException refusal = await Assert.ThrowsAsync<LedgerRejectedException>(() => sender.SendAsync(Somebody, [1], Token));
        Assert.Contains("not by this node", refusal.Message, StringComparison.Ordinal);
        // The refused one and what fills its nonce, until one of them is in a block.
        Assert.Equal([0UL, 0UL], journal.Pending().Select(transaction => transaction.Request.Nonce));
        refusing = false;
        await sender.SendAsync(Somebody, [2], Token);
        Assert.Equal(2UL, await CountAsync());
        while (Directory.GetFiles(_folder, "*.tx").Length > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(5), Token);
    }

    [Fact]
    public async Task A_node_that_refuses_to_tell_a_receipt_is_asked_again()
    {
        await using FaultyProxy proxy = new(_anvil.Endpoint, ProxyPlan.First("eth_getTransactionReceipt", 3, ProxyFault.Refused));
        using JsonRpcClient client = JsonRpcClient.Create(proxy.Endpoint, TimeProvider.System);
        using TransactionJournal journal = TransactionJournal.Open(_folder);
        using TransactionSender sender = Sender(new EthereumNode(client), journal);
        await sender.SendAsync(Somebody, [1], Token);
        Assert.Equal(3, proxy.Done[ProxyFault.Refused]);
        Assert.Equal(1UL, await CountAsync());
        Assert.Empty(journal.Pending());
    }

    [Fact]
    public async Task A_call_whose_nonce_another_process_used_is_signed_anew_and_goes_through_once()
    {
        await using FaultyProxy proxy = new(_anvil.Endpoint, ProxyPlan.First("eth_sendRawTransaction", 1, ProxyFault.Refused));
        using JsonRpcClient client = JsonRpcClient.Create(proxy.Endpoint, TimeProvider.System);
        using TransactionJournal journal = TransactionJournal.Open(_folder);
        using TransactionSender slow = Sender(new EthereumNode(client), journal);
        using TransactionSender other = Sender(_node, null);
        // Both sign with nonce 0; the first one's is held up until the other's is in a block.
        var overtaking = new Lazy<Task>(() => other.SendAsync(Somebody, [2], Token));
        proxy.BeforeForwarding = methods => methods.Contains("eth_getTransactionReceipt") ? overtaking.Value : Task.CompletedTask;
        TransactionReceipt receipt = await slow.SendAsync(Somebody, [1], Token);
        Assert.Equal((1UL, 2UL), ((await _node.TransactionAsync(receipt.TransactionHash, Token))!.Request.Nonce, await CountAsync()));
        Assert.Empty(journal.Pending());
    }

    [Fact]
    public async Task Two_processes_with_one_account_and_two_journals_take_each_step_once()
    {
        using TransactionJournal first = TransactionJournal.Open(Path.Combine(_folder, "node")), second = TransactionJournal.Open(Path.Combine(_folder, "votes"));
        using TransactionSender node = Sender(_node, first), votes = Sender(_node, second);
        TransactionReceipt[] receipts = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => (i % 2 == 0 ? node : votes).SendAsync(Somebody, [(byte)i], Token)));
        Assert.Equal(24, receipts.Select(receipt => receipt.TransactionHash).Distinct().Count());
        Assert.Equal(24UL, await CountAsync());
        Assert.Empty(first.Pending().Concat(second.Pending()));
    }

    [Fact]
    public async Task A_nonce_that_another_process_has_in_the_pool_is_waited_for_and_the_call_signed_anew()
    {
        // On a chain of blocks that come by the clock the pool holds the other's transaction for a while, and refuses this one.
        await using AnvilProcess own = await AnvilFixture.StartAsync(null, Token);
        using JsonRpcClient client = JsonRpcClient.Create(own.Endpoint, TimeProvider.System);
        EthereumNode node = new(client);
        await client.CallAsync("evm_setAutomine", [false], Token);
        await client.CallAsync("evm_setIntervalMining", [1], Token);
        using TransactionJournal first = TransactionJournal.Open(Path.Combine(_folder, "node")), second = TransactionJournal.Open(Path.Combine(_folder, "votes"));
        using TransactionSender running = Sender(node, first), votes = Sender(node, second);
        TransactionReceipt[] receipts = await Task.WhenAll(
            running.SendAsync(Somebody, [1], Token), votes.SendAsync(Somebody, [2], Token), running.SendAsync(Somebody, [3], Token));
        Assert.Equal(3, receipts.Select(receipt => receipt.TransactionHash).Distinct().Count());
        Assert.Equal(3UL, await node.TransactionCountAsync(_account.Address, "latest", Token));
        Assert.Empty(first.Pending().Concat(second.Pending()));
    }

    [Fact]
    public async Task A_transaction_whose_block_was_replaced_is_sent_again_until_it_is_deep_enough()
    {
        await using AnvilProcess own = await AnvilFixture.StartAsync(null, Token);
        using JsonRpcClient client = JsonRpcClient.Create(own.Endpoint, TimeProvider.System);
        EthereumNode node = new(client);
        for (int i = 0; i < 3; i++)
            await client.CallAsync("evm_mine", [], Token);
        await using FaultyProxy proxy = new(own.Endpoint, (_, _) => ProxyFault.None);
        using JsonRpcClient senders = JsonRpcClient.Create(proxy.Endpoint, TimeProvider.System);
        using TransactionJournal journal = TransactionJournal.Open(_folder);
        using TransactionSender sender = new(
            new EthereumNode(senders), _account, AnvilFixture.ChainId, TimeProvider.System, new TransactionOptions { Journal = journal, Confirmations = 2 });
        Task<TransactionReceipt> sent = sender.SendAsync(Somebody, [1], Token);
        while (await node.TransactionCountAsync(_account.Address, "latest", Token) == 0)
            await Task.Yield();
        Assert.False(sent.IsCompleted);
        // The sender hears nothing of it, and so does not send again, before it has been looked at.
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        proxy.BeforeForwarding = _ => seen.Task;
        await client.CallAsync("anvil_reorg", [1, new JsonArray()], Token);
        Assert.Equal(0UL, await node.TransactionCountAsync(_account.Address, "latest", Token));
        Assert.Single(journal.Pending());
        seen.SetResult();
        while (!sent.IsCompleted)
            await client.CallAsync("evm_mine", [], Token);
        TransactionReceipt receipt = await sent;
        Assert.Equal(receipt.BlockHash, (await node.HeaderAsync(RpcJson.Quantity(receipt.BlockNumber), Token))!.Hash);
        Assert.Equal(1UL, await node.TransactionCountAsync(_account.Address, "latest", Token));
        Assert.Empty(journal.Pending());
    }

    [Fact]
    public async Task What_an_earlier_process_left_is_told_apart_by_receipts()
    {
        using TransactionJournal journal = TransactionJournal.Open(_folder);
        // Nonce 0 was included, nonce 1 used by another transaction, nonces 2 and 3 never sent.
        SignedTransaction[] left = [Signed(0, 0), Signed(1, 1), Signed(2, 2), Signed(3, 3)];
        await _node.SendRawAsync(left[0].Encoded, Token);
        await _node.SendRawAsync(Signed(1, 99).Encoded, Token);
        foreach (SignedTransaction transaction in left)
            await journal.StoreAsync(transaction, Token);
        using TransactionSender sender = Sender(_node, journal);
        IReadOnlyList<ResumedTransaction> outcomes = await sender.ResumeAsync(Token);
        Assert.Equal(
            [ResumedOutcome.Included, ResumedOutcome.Replaced, ResumedOutcome.Included, ResumedOutcome.Included], outcomes.Select(outcome => outcome.Outcome));
        Assert.Equal(left.Select(transaction => transaction.Hash), outcomes.Select(outcome => outcome.Hash));
        Assert.Empty(journal.Pending());
        await sender.SendAsync(Somebody, [4], Token);
        Assert.Equal(5UL, await CountAsync());
    }

    [Fact]
    public async Task A_call_that_the_journal_holds_is_not_sent_a_second_time()
    {
        using TransactionJournal journal = TransactionJournal.Open(_folder);
        SignedTransaction left = Signed(0, 5);
        await journal.StoreAsync(left, Token);
        using TransactionSender sender = Sender(_node, journal);
        Assert.Equal(left.Hash, (await sender.SendAsync(Somebody, [5], Token)).TransactionHash);
        Assert.Equal(1UL, await CountAsync());
    }

    [Fact]
    public async Task A_journal_that_goes_on_where_the_chain_does_not_is_an_error()
    {
        using TransactionJournal journal = TransactionJournal.Open(_folder);
        await journal.StoreAsync(Signed(3, 0), Token);
        using TransactionSender sender = Sender(_node, journal);
        LedgerMismatchException refusal = await Assert.ThrowsAsync<LedgerMismatchException>(() => sender.SendAsync(Somebody, [1], Token));
        Assert.Contains("lost", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0UL, await CountAsync());
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_sends_nothing_and_costs_no_nonce()
    {
        string folder = Path.Combine(_folder, "gone");
        using TransactionJournal journal = TransactionJournal.Open(folder);
        using TransactionSender sender = Sender(_node, journal);
        await sender.SendAsync(Somebody, [1], Token);
        Directory.Delete(folder, recursive: true);
        IOException failure = await Assert.ThrowsAnyAsync<IOException>(() => sender.SendAsync(Somebody, [2], Token));
        Assert.Contains("nothing was sent", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1UL, await CountAsync());
        Directory.CreateDirectory(folder);
        await sender.SendAsync(Somebody, [3], Token);
        Assert.Equal(2UL, await CountAsync());
    }

    private TransactionSender Sender(EthereumNode node, TransactionJournal? journal) =>
        new(node, _account, AnvilFixture.ChainId, TimeProvider.System, new TransactionOptions { Journal = journal });

    private SignedTransaction Signed(ulong nonce, byte data) => _account.Sign(
        new TransactionRequest { ChainId = AnvilFixture.ChainId, Nonce = nonce, GasLimit = 50_000, To = Somebody, Data = new[] { data } });

    private Task<ulong> CountAsync() => _node.TransactionCountAsync(_account.Address, "pending", Token);
}
