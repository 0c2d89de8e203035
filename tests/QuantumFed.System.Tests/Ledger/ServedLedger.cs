using System.Net;
using System.Net.Sockets;
using QuantumFed.Node;

namespace QuantumFed.System.Tests;

/// <summary>A copy of the finished demo whose ledger runs again, for tests that ask it things and take steps on it: nobody else's is touched.</summary>
public sealed class ServedLedger(FinishedDemo demo) : IAsyncDisposable
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(180);

    private readonly TemporaryFolder _folder = new();
    private readonly SemaphoreSlim _starting = new(1);
    private QfRun? _run;
    private string _workspace = "";

    /// <summary>Rounds on it: that of the joint standardisation, and those of the demo.</summary>
    public const int Rounds = FinishedDemo.Rounds + 1;

    public string Workspace => _workspace;

    public string Agreement => _folder.At("w", "consortium.json");

    /// <summary>Where it answers.</summary>
    public string Rpc { get; private set; } = "";

    public string Settings(string member) => _folder.At("w", "members", member, PartyFolder.SettingsName);

    public string LedgerSettings => _folder.At("w", "ledger", PartyFolder.SettingsName);

    public string At(string name) => _folder.At(name);

    /// <summary>Starts it, if it does not run; skips the calling test where the launcher lacks OpenSSL.</summary>
    public async Task RunningAsync()
    {
        Requires.Launcher();
        await _starting.WaitAsync(CancellationToken.None);
        try
        {
            if (_workspace.Length == 0)
                Copy(await demo.WorkspaceAsync());
            if (_run is not null)
                return;
            QfRun run = QfRun.Start(["ledger", "run", "--settings", LedgerSettings]);
            await run.LineAsync("Contracts in place", CancellationToken.None);
            _run = run;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Stops it; without its state it begins anew when it is started again.</summary>
    public async Task StopAsync(bool forget = false)
    {
        if (_run is not null)
        {
            _run.Signal(ProcessTable.Terminate);
            await _run.EndAsync(CancellationToken.None, Most);
            // The chain writes its state as it ends.
            await ProcessTable.NoneAsync(_folder.At("w", "ledger"), Most);
            await _run.DisposeAsync();
        }
        _run = null;
        if (forget)
            Directory.Delete(_folder.At("w", "ledger", "state"), recursive: true);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _starting.Dispose();
        _folder.Dispose();
    }

    private void Copy(string workspace)
    {
        foreach (string part in (string[])["ledger", "coordinator", "members"])
            _ = MissingThingsTests.CopyParty(Path.Combine(workspace, part), _folder.At("w", part));
        File.Copy(Path.Combine(workspace, "consortium.json"), Agreement);
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        SettingsFile.Write(LedgerSettings, new LedgerSettings("consortium.json", port));
        (Rpc, _workspace) = ($"http://127.0.0.1:{port}/", _folder.At("w"));
    }
}
