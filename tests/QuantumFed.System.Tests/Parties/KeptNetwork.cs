using System.Text.Json;

namespace QuantumFed.System.Tests;

/// <summary>A network that a demo with --keep left running, for tests that ask it things.</summary>
public sealed class KeptNetwork : IAsyncDisposable
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(180);

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<QfRun>> _run;

    public KeptNetwork() => _run = new(StartAsync);

    public string Workspace => _folder.At("kept");

    /// <summary>Where its coordinator listens.</summary>
    public string CoordinatorAddress => Setting("listen");

    /// <summary>Its ledger's JSON-RPC.</summary>
    public string LedgerRpc => Setting("ledgerRpc");

    /// <summary>The running demo, once all rounds are done; skips the calling test where the launcher lacks OpenSSL.</summary>
    internal async Task<QfRun> RunningAsync()
    {
        Requires.Launcher();
        return await _run.Value;
    }

    public async ValueTask DisposeAsync()
    {
        if (_run.IsValueCreated)
        {
            await (await _run.Value).DisposeAsync();
            // The chain writes its state into the folder as it ends.
            await ProcessTable.NoneAsync(_folder.Root, Most);
        }
        _folder.Dispose();
    }

    private async Task<QfRun> StartAsync()
    {
        QfRun run = QfRun.Start(["demo", "--rounds", "1", "--seed", "9", "--keep", "--out", Workspace]);
        await run.LineAsync("The network stays up.", CancellationToken.None);
        return run;
    }

    private string Setting(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Workspace, "coordinator", "settings.json"))).RootElement.GetProperty(name).GetString()!;
}
