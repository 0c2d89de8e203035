using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>Every fault at once, on a chain of its own whose blocks are replaced.</summary>
public sealed class LedgerStormTests
{
    private const int Rounds = 50;
    private const int Members = 10;
    private const int AtOnce = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_hundred_commits_through_every_fault_stand_exactly_once()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint, Members);
        await using FaultyProxy proxy = new(
            anvil.Endpoint,
            ProxyPlan.Random(
                20260, 0.12, ProxyFault.RequestLost, ProxyFault.AnswerLost, ProxyFault.Reset, ProxyFault.Delayed, ProxyFault.Duplicated, ProxyFault.Swapped,
                ProxyFault.Shuffled, ProxyFault.NullReceipts, ProxyFault.OtherChainId, ProxyFault.TooManyRequests, ProxyFault.ServerError,
                ProxyFault.Truncated, ProxyFault.CutOff));
        string folder = Directory.CreateTempSubdirectory("qf-storm-").FullName;
        using JsonRpcClient client = JsonRpcClient.Create(proxy.Endpoint, TimeProvider.System, TimeSpan.FromSeconds(60));
        TransactionJournal[] journals = [.. Enumerable.Range(0, Members + 1).Select(i => TransactionJournal.Open(Path.Combine(folder, $"{i}")))];
        RoundLedger LedgerOf(LedgerAccount account, int i) => RoundLedger.Create(
            client, consortium.Deployment, account, TimeProvider.System, new TransactionOptions { Journal = journals[i], Confirmations = 3 });
        RoundLedger[] members = [.. Enumerable.Range(0, Members).Select(i => LedgerOf(consortium.AccountOf(i), i))];
        RoundLedger coordinator = LedgerOf(consortium.CoordinatorAccount, Members);
        using CancellationTokenSource calm = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<int> shaking = ReplaceBlocksAsync(proxy, consortium.Client, calm.Token);
        HashSet<Digest> transactions = [];
        for (ulong round = 0; round < Rounds; round++)
        {
            RoundId id = new(round);
            ulong deadline = await consortium.DeadlineAsync(100_000);
            await PersistAsync(() => coordinator.OpenRoundAsync(
                id, Hash($"plan {round}"), Hash("model 0"), deadline, 3, Hash("opening"), Token));
            await Parallel.ForAsync(0, Members, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Token }, async (member, _) =>
            {
                LedgerReceipt receipt = await PersistAsync(() => members[member].CommitUpdateAsync(id, Hash($"update {id} {member}"), Hash($"s {member}"), Token));
                lock (transactions)
                    Assert.True(transactions.Add(receipt.TransactionHash));
            });
            await PersistAsync(() => coordinator.AbandonRoundAsync(id, 1, Hash("abandoning"), Token));
        }
        await calm.CancelAsync();
        Assert.True(await shaking > 10);
        EthereumNode node = new(consortium.Client);
        Assert.Equal(Rounds * Members, transactions.Count);
        HashSet<(ulong, EthereumAddress)> committed = [];
        for (ulong round = 0; round < Rounds; round++)
        {
            RoundRecord record = (await consortium.Coordinator.ReadRoundAsync(new RoundId(round), Token))!;
            foreach ((EthereumAddress member, RoundCommitment commitment) in record.Commitments)
                Assert.True(committed.Add((round, member)) && transactions.Contains(commitment.Step.TransactionHash));
        }
        Assert.Equal(Rounds * Members, committed.Count);
        foreach (EthereumAddress member in consortium.Addresses)
            Assert.Equal((ulong)Rounds, await node.TransactionCountAsync(member, "pending", Token));
        Assert.Equal(2UL * Rounds, await node.TransactionCountAsync(consortium.CoordinatorAccount.Address, "pending", Token));
        Assert.All(journals, journal => Assert.Empty(journal.Pending()));
        foreach (RoundLedger ledger in (RoundLedger[])[.. members, coordinator])
            ledger.Dispose();
        foreach (TransactionJournal journal in journals)
            journal.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    // Blocks come all the time, and every now and then the last two are replaced by others without their transactions.
    private static async Task<int> ReplaceBlocksAsync(FaultyProxy proxy, JsonRpcClient client, CancellationToken calm)
    {
        int replaced = 0;
        try
        {
            for (int turn = 0; ; turn++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), calm);
                await client.CallAsync("evm_mine", [], calm);
                if (turn % 25 != 24)
                    continue;
                await proxy.ReorganizeAsync(client, 1 + turn / 25 % 2, calm);
                replaced++;
            }
        }
        catch (OperationCanceledException)
        {
            return replaced;
        }
    }

    // As the node programs do: what is unavailable is tried again.
    private static async Task<LedgerReceipt> PersistAsync(Func<Task<LedgerReceipt>> step)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await step();
            }
            catch (LedgerUnavailableException) when (attempt < 20)
            {
                // The next attempt finds the step applied, or on its way.
            }
        }
    }

    private static Digest Hash(string text) => TestConsortium.Hash(text);
}
