using System.Diagnostics;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>Times members' commitments, for <c>qf bench ledger</c>: everything from the call to the receipt, journals included, on a private development chain.</summary>
internal static class CommitBench
{
    /// <summary>Members that commit at the same time.</summary>
    public const int Senders = 4;

    /// <summary>Members of the consortium, who all commit once a round.</summary>
    public const int Members = 64;

    private const int WarmUps = 3;
    private const int Repetitions = 9;
    private const ulong ChainId = 20260;
    private const ulong RoundSeconds = 100_000;

    /// <summary>Commitments in a second: the median over rounds, in which each member commits from an account and a journal of its own.</summary>
    /// <param name="home">The checkout that has network/dev.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FileNotFoundException">There is no anvil.</exception>
    /// <exception cref="LedgerUnavailableException">The development chain failed.</exception>
    public static async Task<double> CommitsPerSecondAsync(string home, TimeProvider time, CancellationToken cancellation)
    {
        await using AnvilProcess anvil = await AnvilProcess.StartAsync(home, 0, ChainId, null, time, cancellation);
        string folder = Directory.CreateTempSubdirectory("qf-bench-").FullName;
        var owned = new List<IDisposable>();
        T Own<T>(T item)
            where T : IDisposable
        {
            owned.Add(item);
            return item;
        }
        try
        {
            JsonRpcClient client = Own(JsonRpcClient.Create(anvil.Endpoint, time));
            LedgerAccount coordinatorAccount = Own(LedgerAccount.Generate());
            LedgerAccount[] accounts = [.. Enumerable.Range(0, Members).Select(_ => Own(LedgerAccount.Generate()))];
            Digest model = Digest.Of("model"u8);
            ConsortiumCharter charter = ConsortiumCharter.Create(
                new FederationId(Digest.Of("bench"u8)), Digest.Of("agreement"u8), Party(coordinatorAccount), accounts.Select(Party), VotingRules.Default, model);
            LedgerDeployment deployment = await LedgerDeployer.DeployAsync(client, Own(LedgerAccount.Generate()), charter, cancellation);
            RoundLedger coordinator = Own(RoundLedger.Create(client, deployment, coordinatorAccount, time));
            RoundLedger[] members = [.. accounts.Select((account, i) => Own(RoundLedger.Create(
                client, deployment, account, time, new TransactionOptions { Journal = Own(TransactionJournal.Open(Path.Combine(folder, $"{i}"))) })))];
            var rates = new List<double>();
            for (ulong number = 0; number < WarmUps + Repetitions; number++)
            {
                var round = new RoundId(number);
                ulong now = (await coordinator.HeadAsync(cancellation)).Timestamp;
                await coordinator.OpenRoundAsync(round, Digest.Of("plan"u8), model, now + RoundSeconds, 3, Digest.Of("s"u8), cancellation);
                double rate = await RateAsync(members, round, cancellation);
                if (number >= WarmUps)
                    rates.Add(rate);
                await coordinator.AbandonRoundAsync(round, 1, Digest.Of("s"u8), cancellation);
            }
            rates.Sort();
            return rates[Repetitions / 2];
        }
        finally
        {
            owned.Reverse();
            owned.ForEach(item => item.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> RateAsync(RoundLedger[] members, RoundId round, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            members, new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = cancellation },
            async (member, token) => await member.CommitUpdateAsync(round, Digest.Of("update"u8), Digest.Of("s"u8), token));
        return members.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static CharterParty Party(LedgerAccount account) => new(account.Address, Digest.Of(account.Address.ToArray()));
}
