using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class AnvilProcessTests : IDisposable
{
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("qf-anvil-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Every start adds a first block of its own to the file, in no particular place.
    [Fact]
    public async Task A_chain_that_was_started_often_keeps_its_first_block()
    {
        AnvilFixture.SkipWithoutAnvil();
        string state = Path.Combine(_folder, "often.json");
        Digest? genesis = await FirstBlockAsync();
        JsonNode file = JsonNode.Parse(await File.ReadAllTextAsync(state, Token))!;
        JsonArray blocks = file["blocks"]!.AsArray();
        foreach (int place in (int[])[0, blocks.Count + 1])
        {
            JsonNode other = blocks.First(block => (string?)block!["header"]!["number"] == "0x0")!.DeepClone();
            other["header"]!["timestamp"] = $"0x{place + 1:x}";
            blocks.Insert(place, other);
        }
        await File.WriteAllTextAsync(state, file.ToJsonString(), Token);
        Assert.Equal(genesis, await FirstBlockAsync());

        async Task<Digest?> FirstBlockAsync()
        {
            await using AnvilProcess anvil = await AnvilFixture.StartAsync(state, Token);
            using JsonRpcClient client = JsonRpcClient.Create(anvil.Endpoint, TimeProvider.System);
            await client.CallAsync("evm_mine", [], Token);
            return (await new EthereumNode(client).HeaderAsync("0x0", Token))?.Hash;
        }
    }

    [Fact]
    public async Task A_chain_goes_on_from_its_state_file()
    {
        AnvilFixture.SkipWithoutAnvil();
        string state = Path.Combine(_folder, "state.json");
        TestConsortium consortium;
        RoundRecord before;
        LedgerHead head;
        Digest genesis;
        await using (AnvilProcess first = await AnvilFixture.StartAsync(state, Token))
        {
            consortium = await TestConsortium.FoundAsync(first.Endpoint);
            await consortium.FinalizeAsync(0);
            before = (await consortium.Coordinator.ReadRoundAsync(default, Token))!;
            head = await consortium.Coordinator.HeadAsync(Token);
            genesis = await consortium.Coordinator.GenesisHashAsync(Token);
        }
        using (consortium)
        {
            await using AnvilProcess second = await AnvilFixture.StartAsync(state, Token);
            using JsonRpcClient client = JsonRpcClient.Create(second.Endpoint, TimeProvider.System);
            using RoundLedger ledger = RoundLedger.Create(client, consortium.Deployment, consortium.CoordinatorAccount, TimeProvider.System);
            Assert.Equal(head.Hash, await ledger.BlockHashAsync(head.BlockNumber, Token));
            Assert.Equal(genesis, await ledger.GenesisHashAsync(Token));
            Assert.Equal(before, await ledger.ReadRoundAsync(default, Token));
            LedgerReceipt opened = await ledger.OpenRoundAsync(
                new RoundId(1), TestConsortium.Hash("plan 1"), TestConsortium.Hash("model 1"), head.Timestamp + 600, 3, TestConsortium.Hash("s"), Token);
            // One empty block stands between: anvil answers BLOCKHASH wrongly for blocks of its former life.
            Assert.Equal(head.BlockNumber + 2, opened.BlockNumber);
            List<BlockEvidence> blocks = [];
            await ChainArchive.CaptureAsync(
                client,
                0,
                opened.BlockNumber,
                (block, _) =>
                {
                    blocks.Add(block);
                    return ValueTask.CompletedTask;
                },
                Token);
            Assert.True(OfflineChain.TryVerify(blocks, AnvilFixture.ChainId, out OfflineChain? chain, out string? failure), failure);
            Assert.True(chain.TryReadRound(default, consortium.Deployment, out RoundRecord? offline, out failure), failure);
            Assert.Equal(before, offline);
            Assert.True(chain.TryReadRound(new RoundId(1), consortium.Deployment, out RoundRecord? reopened, out failure), failure);
            Assert.Equal(chain.BlockHash(opened.BlockNumber - 1), reopened!.SeedBlockHash);
        }
    }

    [Fact]
    public async Task Anvil_ends_when_it_is_disposed_and_its_end_is_told()
    {
        AnvilFixture.SkipWithoutAnvil();
        AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using Process process = Process.GetProcessById(anvil.ProcessId);
        Assert.False(anvil.Exited.IsCompleted);
        await anvil.DisposeAsync();
        await anvil.DisposeAsync();
        _ = await anvil.Exited;
        await process.WaitForExitAsync(Token);
    }

    [Fact]
    public async Task The_death_of_anvil_is_told()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using Process process = Process.GetProcessById(anvil.ProcessId);
        process.Kill();
        Assert.Equal(128 + 9, await anvil.Exited.WaitAsync(Most, Token));
    }

    [Fact]
    public async Task The_death_of_the_shell_between_ends_anvil()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using Process process = Process.GetProcessById(anvil.ProcessId);
        string[] stat = (await File.ReadAllTextAsync($"/proc/{anvil.ProcessId}/stat", Token)).Split(' ');
        using Process shell = Process.GetProcessById(int.Parse(stat[3], CultureInfo.InvariantCulture));
        shell.Kill();
        await anvil.Exited.WaitAsync(Most, Token);
        await process.WaitForExitAsync(Token).WaitAsync(Most, Token);
    }

    [Fact]
    public async Task Killing_the_host_with_SIGKILL_leaves_no_anvil()
    {
        AnvilFixture.SkipWithoutAnvil();
        // This very test program, as a host that only starts a chain: see AnvilHost.
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(AnvilHost).Assembly.Location);
        start.Environment[AnvilHost.Variable] = "1";
        using Process host = Process.Start(start)!;
        int anvilId = int.Parse((await host.StandardOutput.ReadLineAsync(Token))!, CultureInfo.InvariantCulture);
        using Process anvil = Process.GetProcessById(anvilId);
        Assert.Equal("anvil", anvil.ProcessName);
        host.Kill();
        await anvil.WaitForExitAsync(Token).WaitAsync(Most, Token);
        Assert.True(anvil.HasExited);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_with_its_number()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        LedgerUnavailableException refusal = await Assert.ThrowsAsync<LedgerUnavailableException>(() => AnvilProcess.StartAsync(
            TestFiles.RepositoryRoot, anvil.Endpoint.Port, AnvilFixture.ChainId, null, TimeProvider.System, Token));
        Assert.Contains($"{anvil.Endpoint.Port}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_file_that_is_damaged_is_refused_with_what_anvil_said()
    {
        AnvilFixture.SkipWithoutAnvil();
        string state = Path.Combine(_folder, "damaged.json");
        await File.WriteAllTextAsync(state, "{ not json", Token);
        LedgerUnavailableException refusal = await Assert.ThrowsAsync<LedgerUnavailableException>(() => AnvilFixture.StartAsync(state, Token));
        Assert.Contains("anvil ended with code", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("(it said nothing)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_binary_the_message_says_how_to_get_one()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("QF_ANVIL") is { Length: > 0 }, "QF_ANVIL names a binary.");
        FileNotFoundException missing = await Assert.ThrowsAsync<FileNotFoundException>(() => AnvilProcess.StartAsync(
            _folder, 0, AnvilFixture.ChainId, null, TimeProvider.System, Token));
        Assert.Contains("npm ci", missing.Message, StringComparison.Ordinal);
    }
}
