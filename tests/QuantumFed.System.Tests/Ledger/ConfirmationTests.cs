using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>A party that waits for a depth, on a chain whose newest blocks are replaced and which makes blocks for transactions only, or when it is told.</summary>
public sealed class ConfirmationTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    // A step that is some tenths of a second old is looked for every few of them at most, and a watch asks once a second.
    private static readonly TimeSpan AWhile = TimeSpan.FromSeconds(0.5), ASecond = TimeSpan.FromSeconds(1.1);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private WorkspaceLayout _layout = null!;
    private ConsortiumAgreement _agreement = null!;
    private FoundedLedger _ledger = null!;
    private LedgerAccount _account = null!;
    private RoundLedger _reader = null!;

    private CancellationToken Token => _limit.Token;

    private string SettingsOf(int member) => new PartyFolder(_layout.Member(_agreement.Members[member].Id)).Settings;

    public async ValueTask InitializeAsync()
    {
        Requires.PostQuantum();
        Requires.Launcher();
        _limit.CancelAfter(Patience);
        _layout = new WorkspaceLayout(_folder.At("w"));
        int port = FreePort();
        _agreement = SmallWorkspace.Found(_layout, 4, ledgerPort: port, coordinatorPort: FreePort());
        _ledger = await FoundedLedger.StartAsync(_layout, _agreement, port, Token);
        _account = new PartyFolder(_layout.Coordinator).ReadAccount(_agreement.Coordinator.Account);
        _reader = RoundLedger.Create(_ledger.Client, _ledger.Deployment, account: null, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _reader?.Dispose();
        _account?.Dispose();
        if (_ledger is not null)
            await _ledger.DisposeAsync();
        _limit.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_coordinators_step_counts_once_so_many_blocks_follow()
    {
        string settings = new PartyFolder(_layout.Coordinator).Settings;
        SettingsFile.Write(settings, SettingsFile.Read<CoordinatorSettings>(settings) with { LedgerAccess = new LedgerAccess(Confirmations: 2) });
        await OpenAsync();
        await using QfRun run = QfRun.Start(["coordinator", "run", "--settings", settings]);
        // It was not there when the round was opened, so it gives it up.
        while ((await _reader.ReadRoundAsync(default, Token))!.Phase != RoundPhase.Abandoned)
            Assert.False(await run.PrintsAsync("abandoned", TimeSpan.FromMilliseconds(50), Token));
        await MineAsync();
        Assert.False(await run.PrintsAsync("abandoned", AWhile, Token));
        await MineAsync();
        await run.LineAsync("abandoned", Token);
    }

    [Fact]
    public async Task A_command_waits_for_the_depth_of_the_settings_and_a_watch_for_that_of_its_option()
    {
        SettingsFile.Write(SettingsOf(0), SettingsFile.Read<MemberSettings>(SettingsOf(0)) with { LedgerAccess = new LedgerAccess(Confirmations: 2) });
        string minutes = _folder.At("minutes.txt");
        await File.WriteAllTextAsync(minutes, "The keys were made in the presence of two.", Token);
        string next = $"{(await _reader.HeadAsync(Token)).BlockNumber + 1}";
        await using QfRun watch = QfRun.Start(["ledger", "watch", "--json", "--from", next, "--confirmations", "2", "-s", SettingsOf(1)]);
        await using QfRun record = QfRun.Start(["ledger", "ceremony", "record", "--about", "partykeys", "--minutes", minutes, "-s", SettingsOf(0)]);
        while ((await _reader.ReadCeremoniesAsync(Token)).Count == 0)
            Assert.False(await record.PrintsAsync("On the ledger", TimeSpan.FromMilliseconds(50), Token));
        await MineAsync();
        bool[] early = await Task.WhenAll(record.PrintsAsync("On the ledger", ASecond, Token), watch.PrintsAsync("KeyCeremonyRecorded", ASecond, Token));
        Assert.Equal([false, false], early);
        await MineAsync();
        await watch.LineAsync("KeyCeremonyRecorded", Token);
        (await record.EndAsync(Token)).Ended(0);
        watch.Signal(ProcessTable.Terminate);
        (await watch.EndAsync(Token)).Ended(0);
    }

    [Fact]
    public async Task A_proposal_is_voted_for_once_so_many_blocks_follow()
    {
        using RegistryLedger registry = RegistryLedger.Create(_ledger.Client, _ledger.Deployment, account: null, TimeProvider.System);
        await using QfRun propose = QfRun.Start(["ledger", "propose", "suspend", _agreement.Members[3].Id.Name, "--confirmations", "1", "-s", SettingsOf(0)]);
        while ((await registry.ReadAsync(Token)).Proposals.Length == 0)
            Assert.False(await propose.PrintsAsync("Proposal", TimeSpan.FromMilliseconds(50), Token));
        Assert.False(await propose.PrintsAsync("Proposal", AWhile, Token));
        Assert.Empty((await registry.ReadAsync(Token)).Proposals[0].Votes);
        await MineAsync();
        while ((await registry.ReadAsync(Token)).Proposals[0].Votes.IsEmpty)
            Assert.False(await propose.PrintsAsync("Proposal", TimeSpan.FromMilliseconds(50), Token));
        await MineAsync();
        (await propose.EndAsync(Token)).Ended(0);
    }

    [Fact]
    public async Task What_was_read_of_replaced_blocks_is_read_anew()
    {
        using LedgerGateway gateway = await ConnectAsync(confirmations: 2);
        await CarryAsync(RegistryChange.Suspend, _agreement.Members[0].Account, default);
        Assert.True((await gateway.InForceAsync(Token)).Agreement.Members[0].Suspended);
        // The execution is gone, and another change makes the next version.
        await ReplaceAsync(1);
        Assert.Equal(0UL, (await gateway.InForceAsync(Token)).RegistryVersion);
        using SigningKey next = new PartyFolder(_layout.Member(_agreement.Members[0].Id)).CreateNextSigningKey();
        await CarryAsync(RegistryChange.SetKeys, _agreement.Members[0].Account, next.VerificationKey.ToArray());
        (ConsortiumAgreement inForce, ulong version) = await gateway.InForceAsync(Token);
        Assert.Equal((1UL, false, next.VerificationKey.Digest), (version, inForce.Members[0].Suspended, inForce.Members[0].Key.Digest));
        // Down to a block that was seen before.
        await ReplaceAsync(7);
        await Assert.ThrowsAsync<LedgerMismatchException>(() => gateway.InForceAsync(Token));
    }

    [Fact]
    public async Task Captured_blocks_that_were_replaced_above_the_depth_are_captured_anew_and_none_below()
    {
        var archive = new RoundArchive(_folder.At("archive"));
        using (LedgerGateway gateway = await ConnectAsync(confirmations: 2))
        {
            var recorder = new ChainRecorder(gateway, archive);
            await OpenAsync();
            await recorder.CaptureAsync(Token);
            await ReplaceAsync(1);
            await MineAsync();
            await recorder.CaptureAsync(Token);
            await RequireCapturedAsync(archive);
            // Shorter than what was captured, too.
            _ = await _ledger.Client.CallAsync("anvil_rollback", [1], Token);
            await recorder.CaptureAsync(Token);
            await RequireCapturedAsync(archive);
        }
        // Of another process, which remembers no block but those of the archive.
        using LedgerGateway restarted = await ConnectAsync(confirmations: 2);
        await ReplaceAsync(3);
        LedgerMismatchException refusal = await Assert.ThrowsAsync<LedgerMismatchException>(() => new ChainRecorder(restarted, archive).CaptureAsync(Token));
        Assert.Contains("which the archive holds", refusal.Message, StringComparison.Ordinal);
    }

    private async Task RequireCapturedAsync(RoundArchive archive)
    {
        Assert.True(archive.TryReadChain(out IReadOnlyList<Digest>? blocks));
        Assert.Equal((await _reader.HeadAsync(Token)).BlockNumber + 1, (ulong)blocks.Count);
        for (int i = 0; i < blocks.Count; i++)
        {
            Assert.True(archive.Objects.TryRead(blocks[i], out byte[]? data));
            Assert.True(BlockEvidence.TryParse(data, out BlockEvidence? block));
            Assert.Equal(await _reader.BlockHashAsync((ulong)i, Token), block.Hash);
        }
    }

    private Task<LedgerGateway> ConnectAsync(int confirmations) => LedgerGateway.ConnectAsync(
        _agreement, RpcEndpoint.Create(_ledger.Endpoint), AcceptedProposals.None, _account, _folder.At("state"), TimeProvider.System, NullLogger.Instance, Token, confirmations);

    private async Task MineAsync() => _ = await _ledger.Client.CallAsync("evm_mine", [], Token);

    private async Task ReplaceAsync(int blocks) => _ = await _ledger.Client.CallAsync("anvil_reorg", [blocks, new JsonArray()], Token);

    private async Task OpenAsync()
    {
        using RoundLedger ledger = RoundLedger.Create(_ledger.Client, _ledger.Deployment, _account, TimeProvider.System);
        ulong now = (await ledger.HeadAsync(Token)).Timestamp;
        Digest model = await ledger.CurrentModelHashAsync(Token);
        _ = await ledger.OpenRoundAsync(default, Digest.Of("plan"u8), model, now + 600, 3, Digest.Of("s"u8), Token);
    }

    // The last step is the execution, in a block of its own.
    private Task CarryAsync(RegistryChange change, EthereumAddress account, ReadOnlyMemory<byte> signingKey) =>
        MemberVotes.CarryAsync(_layout, _agreement, _ledger.Client, change, account, null, signingKey, voters: [1, 2, 3], Token);

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
