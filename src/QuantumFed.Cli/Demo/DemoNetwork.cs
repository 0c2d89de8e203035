using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>The processes of a consortium on this machine. Whoever ends unasked ends the network; nothing is left running.</summary>
internal sealed class DemoNetwork : IAsyncDisposable
{
    private static readonly TimeSpan LedgerGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan InterruptGrace = TimeSpan.FromSeconds(5);

    private readonly Channel<(ChildProcess Child, NodeEvent Event)> _events = Channel.CreateUnbounded<(ChildProcess, NodeEvent)>();
    private readonly List<ChildProcess> _children = [];
    private readonly List<Task<ChildProcess>> _exits = [];
    private bool _stopped;

    /// <summary>Starts a party.</summary>
    public ChildProcess Start(string name, string role, string folder) => Start(name, [role, "run"], folder);

    /// <summary>Starts a party by the command of that name.</summary>
    public ChildProcess Start(string name, IReadOnlyList<string> command, string folder) =>
        Start(name, [.. command, "--settings", new PartyFolder(folder).Settings]);

    /// <summary>Starts a process by its whole command.</summary>
    public ChildProcess Start(string name, IReadOnlyList<string> command)
    {
        ChildProcess child = ChildProcess.Start(name, command, _events.Writer);
        _children.Add(child);
        _exits.Add(ExitOf(child));
        return child;
    }

    /// <summary>The next event of any party.</summary>
    /// <exception cref="ChildProcessException">A party's process ended.</exception>
    /// <exception cref="MemberFailedException">A member cannot contribute to a round.</exception>
    public async Task<(ChildProcess Child, NodeEvent Event)> NextAsync(Func<string> when, CancellationToken cancellation)
    {
        if (_events.Reader.TryRead(out (ChildProcess, NodeEvent) waiting))
            return Checked(waiting);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<(ChildProcess, NodeEvent)> next = _events.Reader.ReadAsync(stop.Token).AsTask();
        Task first = await Task.WhenAny([next, .. _exits]);
        if (first == next)
            return Checked(await next);
        await stop.CancelAsync();
        if (next.IsCompletedSuccessfully)
            return Checked(await next);
        // What it still said comes first: the reason it ended is better than the fact.
        return _events.Reader.TryRead(out waiting) ? Checked(waiting) : throw await ReasonAsync((Task<ChildProcess>)first, when(), cancellation);
    }

    /// <summary>Waits for a party's event of that name, passing every event on.</summary>
    public async Task<NodeEvent> AwaitAsync(
        ChildProcess child, string eventName, Action<ChildProcess, NodeEvent> show, CancellationToken cancellation)
    {
        while (true)
        {
            (ChildProcess from, NodeEvent entry) = await NextAsync(() => "while the network was starting", cancellation);
            show(from, entry);
            if (from == child && entry.Name == eventName)
                return entry;
        }
    }

    /// <summary>Completes when any party ends unasked.</summary>
    public async Task AnyExitAsync(string when, CancellationToken cancellation)
    {
        Task<ChildProcess> first = await Task.WhenAny(_exits).WaitAsync(cancellation);
        throw await ReasonAsync(first, when, cancellation);
    }

    // Who cannot reach the ledger ends too, and may be seen to end first: then the ledger is the reason, if it does end.
    private async Task<ChildProcessException> ReasonAsync(Task<ChildProcess> first, string when, CancellationToken cancellation)
    {
        ChildProcessException seen = (await first).EndedUnasked(when);
        // A terminal's Ctrl-C reaches every process, and may end a party that has only begun to start before this process hears of it: then that is the reason.
        if (seen.ProcessExitCode == (int)ExitCode.Cancelled)
            await Task.Delay(InterruptGrace, TimeProvider.System, cancellation);
        if (seen.ProcessExitCode != (int)ExitCode.Unreachable)
            return seen;
        Task<ChildProcess> ledger = _exits[0];
        await Task.WhenAny(ledger, Task.Delay(LedgerGrace, TimeProvider.System, cancellation));
        cancellation.ThrowIfCancellationRequested();
        return ledger.IsCompleted ? (await ledger).EndedUnasked(when) : seen;
    }

    /// <summary>Stops every party: members first, the ledger last.</summary>
    public async Task StopAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        foreach (IEnumerable<ChildProcess> rank in new[] { _children.Skip(2), _children.Skip(1).Take(1), _children.Take(1) })
            await Task.WhenAll(rank.Select(child => child.StopAsync()));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (ChildProcess child in _children)
            child.Dispose();
    }

    /// <summary>Ports that are free now on the loopback address.</summary>
    public static IReadOnlyList<int> FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        try
        {
            foreach (TcpListener listener in listeners)
                listener.Start();
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (TcpListener listener in listeners)
                listener.Dispose();
        }
    }

    // In a consortium the others go on without it. Here all members have the same program and settings, and what stops one stops the run.
    private static (ChildProcess Child, NodeEvent Event) Checked((ChildProcess Child, NodeEvent Event) told) =>
        told.Event.Name == "CannotContribute" ? throw new MemberFailedException(told.Child.Name, told.Event.Message) : told;

    private static async Task<ChildProcess> ExitOf(ChildProcess child)
    {
        await child.ExitedAsync(CancellationToken.None);
        return child;
    }
}
