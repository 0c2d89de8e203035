using System.Diagnostics;
using System.Globalization;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>A process with transactions on their way is killed and started again.</summary>
public sealed class KilledSenderTests(AnvilFixture anvil) : IClassFixture<AnvilFixture>, IDisposable
{
    private const int Kills = 20;
    private const int Steps = 160;

    private readonly string _folder = Directory.CreateTempSubdirectory("qf-killed-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task However_often_it_is_killed_each_step_is_taken_once_and_no_nonce_is_left_out()
    {
        using LedgerAccount account = StepProcess.CreateAccount(_folder);
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint, first: StepProcess.ReadAccount(_folder));
        await consortium.CloseAsync(0);
        EthereumNode node = new(consortium.Client);
        ulong before = await node.TransactionCountAsync(account.Address, "latest", Token);
        await using FaultyProxy proxy = new(
            anvil.Endpoint, ProxyPlan.Random(3, 0.05, ProxyFault.RequestLost, ProxyFault.AnswerLost, ProxyFault.Duplicated, ProxyFault.NullReceipts, ProxyFault.Delayed));
        Dictionary<int, string> taken = [];
        int left = 0;
        for (int kill = 0; kill <= Kills; kill++)
        {
            // With the four that may be taken meanwhile, less than there are.
            int lines = kill < Kills ? 1 + kill * 3 % 5 : int.MaxValue;
            int from = Enumerable.Range(0, Steps).First(step => !taken.ContainsKey(step));
            using Process child = StepProcess.Start(_folder, proxy.Endpoint, consortium.Deployment, from, Steps);
            for (int read = 1; await child.StandardOutput.ReadLineAsync(Token) is { } line; read++)
            {
                string[] words = line.Split(' ');
                // The last line may be cut; a step that is told twice is the same transaction.
                if (words is ["step", _, { Length: 64 }])
                    Assert.Equal(words[2], taken.TryAdd(int.Parse(words[1], CultureInfo.InvariantCulture), words[2]) ? words[2] : taken[int.Parse(words[1], CultureInfo.InvariantCulture)]);
                if (read == lines)
                    child.Kill();
                else if (read < lines)
                    await child.StandardInput.WriteLineAsync("on");
            }
            await child.WaitForExitAsync(Token);
            string errors = await child.StandardError.ReadToEndAsync(Token);
            Assert.True(child.ExitCode == (kill < Kills ? 128 + 9 : 0), $"The child ended with code {child.ExitCode}: {errors}");
            int pending = Directory.GetFiles(StepProcess.JournalFolder(_folder), "*.tx").Length;
            left += pending;
            Assert.True(kill < Kills || pending == 0);
        }
        // How many depends on the machine; without any the kills would have shown nothing.
        Assert.True(left > 0, "No transaction was on its way when the process was killed.");
        RoundRecord record = (await consortium.Coordinator.ReadRoundAsync(default, Token))!;
        Assert.Equal(
            Enumerable.Range(0, Steps).Select(StepProcess.Evidence).Order(), record.Disputes.Select(dispute => dispute.EvidenceHash).Order());
        Assert.Equal(before + Steps, await node.TransactionCountAsync(account.Address, "pending", Token));
    }
}
