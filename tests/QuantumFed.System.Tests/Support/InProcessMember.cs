using Microsoft.Extensions.Logging;
using QuantumFed.Node;

namespace QuantumFed.System.Tests;

/// <summary>A member that runs in the tests' own process, and the events that it logs.</summary>
internal sealed class InProcessMember : ILogger, ILoggerFactory, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop;
    private readonly List<string> _events = [];
    private readonly string? _lastEvent;
    private TaskCompletionSource _changed = NewSignal();

    private InProcessMember(string? lastEvent, CancellationToken cancellation) =>
        (_lastEvent, _stop) = (lastEvent, CancellationTokenSource.CreateLinkedTokenSource(cancellation));

    /// <summary>Ends when it was stopped, or by what went wrong.</summary>
    public Task Run { get; private set; } = Task.CompletedTask;

    /// <summary>Starts it; with <paramref name="lastEvent"/> it stops at the first such event.</summary>
    public static InProcessMember Start(string settings, CancellationToken cancellation, string? lastEvent = null)
    {
        var member = new InProcessMember(lastEvent, cancellation);
        member.Run = Task.Run(() => MemberHost.RunAsync(settings, member, TimeProvider.System, member._stop.Token), cancellation);
        return member;
    }

    /// <summary>How many events of a name it has logged.</summary>
    public int Count(string name)
    {
        lock (_lock)
            return _events.Count(logged => logged == name);
    }

    /// <summary>Waits for the first event of a name.</summary>
    public async Task EventAsync(string name)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_events.Contains(name))
                    return;
                changed = _changed.Task;
            }
            Task ended = await Task.WhenAny(changed, Run);
            lock (_lock)
                Assert.True(ended != Run || _events.Contains(name), $"It ended without {name}, after {string.Join(", ", _events)}: {Run.Exception}");
        }
    }

    /// <summary>Stops it as Ctrl-C does, and waits for its end.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Run.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _stop.Dispose();
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lock)
        {
            _events.Add(eventId.Name ?? "");
            _changed.TrySetResult();
            _changed = NewSignal();
        }
        if (eventId.Name == _lastEvent)
            _stop.Cancel();
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    void IDisposable.Dispose()
    {
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
