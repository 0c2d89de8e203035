using System.Diagnostics;
using System.Text;

namespace QuantumFed.System.Tests;

/// <summary>A run of the launcher as a user starts it: its lines as they come, and its end.</summary>
internal sealed class QfRun : IAsyncDisposable
{
    // Long enough for the launcher to build the program first, where the tests were started without it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(300);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = NewSignal();
    private bool _complete;

    private QfRun(Process process)
    {
        _process = process;
        _reading = ReadAsync();
        _errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>The process id: the launcher becomes the program.</summary>
    public int Id => _process.Id;

    /// <summary>Starts <c>./qf</c> with nothing in its environment that a launcher above these tests has set.</summary>
    public static QfRun Start(IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        QfRun run = Start([Checkout.Launcher, .. arguments], environment);
        run._process.StandardInput.Close();
        return run;
    }

    /// <summary>Starts <c>./qf</c> on a terminal of its own, of this size, whose keyboard is <see cref="TypeAsync"/>. The process id is util-linux's script's.</summary>
    public static QfRun StartInTerminal(
        IEnumerable<string> arguments, int columns, int lines, params IEnumerable<(string Name, string Value)> environment)
    {
        string command = string.Join(' ', arguments.Prepend(Checkout.Launcher).Select(argument => $"'{argument}'"));
        return Start(["script", "-qefc", $"stty cols {columns} rows {lines}; exec {command}", "/dev/null"], environment);
    }

    /// <summary>Starts <c>./qf</c> with its standard output piped into a command of the shell; its exit code is the line on standard error.</summary>
    public static QfRun StartPiped(IEnumerable<string> arguments, string reader)
    {
        string command = string.Join(' ', arguments.Prepend(Checkout.Launcher).Select(argument => $"'{argument}'"));
        return Start(["/bin/sh", "-c", $"{{ {command}; echo $? >&2; }} | {reader}"], []);
    }

    private static QfRun Start(string[] command, IEnumerable<(string Name, string Value)> environment)
    {
        // A background job of a shell ignores SIGINT, and so would everything it starts.
        ProcessStartInfo start = new("/usr/bin/env", ["--default-signal=INT,QUIT", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (string name in (string[])["QF_READY", "QF_HOME", "QF_LAUNCHER", "OPENSSL_CONF"])
            start.Environment.Remove(name);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return new QfRun(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<QfResult> ToEndAsync(IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        await using QfRun run = Start(arguments, environment);
        return await run.EndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The first printed line that contains the text, once there is one.</summary>
    public Task<string> LineAsync(string text, CancellationToken cancellation) => LineAfterAsync("", text, cancellation);

    /// <summary>The first printed line that contains the text and stands below the first that contains another, once there is one.</summary>
    public async Task<string> LineAfterAsync(string before, string text, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                IEnumerable<string> lines = _output.ToString().Split('\n').SkipLast(1);
                if (before.Length > 0)
                    lines = lines.SkipWhile(line => !line.Contains(before, StringComparison.Ordinal)).Skip(1);
                if (lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                    return found;
                Assert.False(_complete, $"It ended without printing '{text}':\n{_output}");
                changed = _changed.Task;
            }
            await changed.WaitAsync(limit.Token);
        }
    }

    /// <summary>Whether a line with the text is printed within the time. A verdict may rest on "no" only where a slow machine, which then also says no, fails no test.</summary>
    public async Task<bool> PrintsAsync(string text, TimeSpan within, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(within);
        try
        {
            await LineAsync(text, limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Waits for the end.</summary>
    public async Task<QfResult> EndAsync(CancellationToken cancellation, TimeSpan? within = null)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(within ?? Patience);
        await _process.WaitForExitAsync(limit.Token);
        await _reading.WaitAsync(limit.Token);
        return new QfResult(_process.ExitCode, _output.ToString(), await _errors.WaitAsync(limit.Token));
    }

    /// <summary>Types on the terminal.</summary>
    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    public void Signal(int signal) => ProcessTable.Signal(Id, signal);

    /// <summary>Sends the signal, unless it has ended.</summary>
    public void SignalIfRunning(int signal)
    {
        // A process that has ended is not looked for by its number, which may be another's.
        if (!_process.HasExited)
            _ = ProcessTable.TrySignal(Id, signal);
    }

    /// <summary>Ends it, if it still runs: what it started ends by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            Change(() => _output.Append(line).Append('\n'));
        Change(() => _complete = true);
    }

    private void Change(Action change)
    {
        TaskCompletionSource signal;
        lock (_lock)
        {
            change();
            (signal, _changed) = (_changed, NewSignal());
        }
        signal.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
