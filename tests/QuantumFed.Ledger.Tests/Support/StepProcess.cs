using System.Diagnostics;
using System.Globalization;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>
/// A child process of the tests: a member that disputes the closed round 0 with one evidence after the other, four at a time, until it has
/// taken all its steps or is killed. It says <c>step NUMBER TRANSACTION</c> after each, and goes on from it when it has been told a line.
/// </summary>
internal static class StepProcess
{
    /// <summary>Names the member's folder: its key, its journal and what it is to do. Set only for the child.</summary>
    public const string Variable = "QF_TEST_STEP_PROCESS";

    private const int AtOnce = 4;

    public static async Task<int> RunAsync(string folder)
    {
        string[] task = await File.ReadAllLinesAsync(Path.Combine(folder, "task"));
        using LedgerAccount account = ReadAccount(folder);
        using JsonRpcClient client = JsonRpcClient.Create(new Uri(task[0]), TimeProvider.System);
        LedgerDeployment deployment = new(AnvilFixture.ChainId, EthereumAddress.Parse(task[1]), EthereumAddress.Parse(task[2]));
        using TransactionJournal journal = TransactionJournal.Open(JournalFolder(folder));
        using RoundLedger ledger = RoundLedger.Create(client, deployment, account, TimeProvider.System, new TransactionOptions { Journal = journal });
        using SemaphoreSlim heard = new(0);
        // Whoever reads what it says may be slow: it must not have taken every step before it is killed.
        Thread listening = new(() =>
        {
            while (Console.In.ReadLine() is not null)
                heard.Release();
        }) { IsBackground = true };
        listening.Start();
        await Parallel.ForAsync(Number(task[3]), Number(task[4]), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (step, cancellation) =>
        {
            LedgerReceipt receipt = await ledger.DisputeAsync(default, Evidence(step), TestConsortium.Hash("s"), cancellation);
            await Console.Out.WriteLineAsync($"step {step} {receipt.TransactionHash}");
            await heard.WaitAsync(cancellation);
        });
        return 0;
    }

    public static LedgerAccount CreateAccount(string folder)
    {
        using AccountPassword password = Password();
        return LedgerAccount.CreateKeystore(KeystoreOf(folder), password, KeyDerivation.ForRandomPassword());
    }

    public static LedgerAccount ReadAccount(string folder)
    {
        using AccountPassword password = Password();
        return LedgerAccount.LoadKeystore(KeystoreOf(folder), password);
    }

    private static string KeystoreOf(string folder) => Path.Combine(folder, "account.json");

    private static AccountPassword Password() => AccountPassword.Import("known to both processes"u8);

    public static string JournalFolder(string folder) => Path.Combine(folder, "journal");

    public static Digest Evidence(int step) => TestConsortium.Hash($"evidence {step}");

    /// <summary>Starts the child with the steps from one to another.</summary>
    public static Process Start(string folder, Uri endpoint, LedgerDeployment deployment, int from, int to)
    {
        File.WriteAllLines(Path.Combine(folder, "task"), [endpoint.ToString(), $"{deployment.Registry}", $"{deployment.Rounds}", $"{from}", $"{to}"]);
        ProcessStartInfo start = new(Path.ChangeExtension(typeof(StepProcess).Assembly.Location, null)) 
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Variable] = folder;
        return Process.Start(start)!;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
