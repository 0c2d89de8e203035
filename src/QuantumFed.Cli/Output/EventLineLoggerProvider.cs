using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace QuantumFed.Cli;

/// <summary>Writes each event as one line: JSON for a supervisor, text for people. Lines of several threads never mix.</summary>
internal sealed class EventLineLoggerProvider(TextWriter output, bool json) : ILoggerFactory
{
    private readonly ConcurrentDictionary<string, EventLineLogger> _loggers = new(StringComparer.Ordinal);
    private readonly bool _json = json;
    private readonly Lock _lock = new();

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, name => new EventLineLogger(this, name));

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Events go to one place.");

    public void Dispose()
    {
        lock (_lock)
            output.Flush();
    }

    private void Write(NodeEvent entry)
    {
        string line = _json ? entry.ToJson() : entry.ToText();
        lock (_lock)
        {
            try
            {
                output.WriteLine(line);
                output.Flush();
            }
            catch (IOException)
            {
                // Nobody reads any more: the supervisor is gone, and the standard input guard stops this process.
            }
        }
    }

    private sealed class EventLineLogger(EventLineLoggerProvider owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        // The web server's own chatter is not an event of ours. Who is awaited at each moment is for programs, not for people to read along.
        public bool IsEnabled(LogLevel logLevel) =>
            logLevel >= (!category.StartsWith("QuantumFed", StringComparison.Ordinal) ? LogLevel.Warning : owner._json ? LogLevel.Debug : LogLevel.Information);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (state is IEnumerable<KeyValuePair<string, object?>> pairs)
            {
                foreach ((string key, object? value) in pairs.Where(pair => pair.Key != "{OriginalFormat}"))
                    fields[char.ToLowerInvariant(key[0]) + key[1..]] = Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
            }
            string message = formatter(state, exception) + (exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})");
            owner.Write(new NodeEvent(TimeProvider.System.GetUtcNow(), logLevel, eventId.Name ?? category, message, fields));
        }
    }
}
