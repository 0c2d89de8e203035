using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace QuantumFed.Transport.Tests;

/// <summary>Keeps what was logged.</summary>
internal sealed class CollectedLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(EventId Id, string Text)> _entries = [];

    public IEnumerable<string> Texts(int eventId) => _entries.Where(entry => entry.Id.Id == eventId).Select(entry => entry.Text);

    public ILogger CreateLogger(string categoryName) => categoryName == typeof(GrpcServer).FullName ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((eventId, formatter(state, exception)));

    public void Dispose()
    {
    }
}
