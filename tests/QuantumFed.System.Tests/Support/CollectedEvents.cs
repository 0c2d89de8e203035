using Microsoft.Extensions.Logging;

namespace QuantumFed.System.Tests;

/// <summary>A log that keeps each event with its fields.</summary>
internal sealed class CollectedEvents : ILogger
{
    public List<(string Name, IReadOnlyDictionary<string, object?> Fields)> All { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        All.Add((eventId.Name!, ((IEnumerable<KeyValuePair<string, object?>>)state!).ToDictionary()));
}
