using System.Diagnostics;
using System.Threading.Channels;
using QuantumFed.Node;

namespace QuantumFed.Cli;

/// <summary>
/// One party's process, started by the command an operator would use, with its events. It ends when its standard input closes, so it cannot
/// outlive this process, however that ends.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(12);
    private const int LastWordsLength = 600;

    private readonly Process _process;
    private readonly Task _reading;
    private readonly Lock _lock = new();
    private string _lastWords = "";

    private ChildProcess(string name, Process process, ChannelWriter<(ChildProcess Child, NodeEvent Event)> events)
    {
        Name = name;
        _process = process;
        _reading = Task.WhenAll(ReadEventsAsync(events), ReadErrorsAsync());
    }

    /// <summary>The party's name.</summary>
    public string Name { get; }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts <c>qf</c> with these arguments.</summary>
    public static ChildProcess Start(string name, IEnumerable<string> arguments, ChannelWriter<(ChildProcess Child, NodeEvent Event)> events)
    {
        string? launcher = Environment.GetEnvironmentVariable("QF_LAUNCHER");
        var start = new ProcessStartInfo
        {
            FileName = launcher ?? Environment.ProcessPath ?? "dotnet",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Without the launcher (a debugger, a test) this program starts itself; the environment is then the caller's business.
        if (launcher is null && Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        foreach (string argument in arguments.Concat(["--json", "--supervised"]))
            start.ArgumentList.Add(argument);
        start.Environment["QF_READY"] = "1";
        // Each party has its account's password in its folder; one that the caller's environment names is another's.
        start.Environment.Remove(AccountPasswordSource.FileVariable);
        start.Environment.Remove(AccountPasswordSource.CredentialsVariable);
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{start.FileName}' did not start.");
        return new ChildProcess(name, process, events);
    }

    /// <summary>Completes when the process has ended and its output has been read.</summary>
    public async Task<int> ExitedAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        await _reading.WaitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <summary>The exception that says how it ended.</summary>
    public ChildProcessException EndedUnasked(string when)
    {
        lock (_lock)
            return new ChildProcessException(Name, Id, _process.ExitCode, when, _lastWords.Trim());
    }

    /// <summary>Closes its standard input and waits; what does not end by itself is killed.</summary>
    public async Task StopAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already, and the pipe with it.
        }
        using var limit = new CancellationTokenSource(Grace, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        await _reading;
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    private async Task ReadEventsAsync(ChannelWriter<(ChildProcess, NodeEvent)> events)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (NodeEvent.TryParse(line, out NodeEvent? entry))
                await events.WriteAsync((this, entry));
            else
                Remember(line);
        }
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
            Remember(line);
    }

    private void Remember(string line)
    {
        lock (_lock)
        {
            _lastWords = $"{_lastWords}{line} ";
            if (_lastWords.Length > LastWordsLength)
                _lastWords = _lastWords[^LastWordsLength..];
        }
    }
}
