using System.Threading.Channels;
using QuantumFed.Audit;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Report;
using Spectre.Console;

namespace QuantumFed.Cli;

/// <summary>
/// For a terminal: the lines of the plain view, which stay, and below them a few lines that are drawn again as the run goes, at most eight times a second.
/// Only one task writes to the terminal while it draws. However the run ends, the cursor is shown again.
/// </summary>
internal sealed class LiveView : IRunView
{
    private const string ShowCursor = "\u001b[?25h";
    private const string ClearScreen = "\u001b[2J\u001b[H";

    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(125);
    private static readonly TimeSpan ClockInterval = TimeSpan.FromSeconds(1);

    private readonly IAnsiConsole _console;
    private readonly TextWriter _terminal;
    private readonly TimeProvider _time;
    private readonly PlainView _plain;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _close = new();
    private Frame? _frame;
    private Task? _drawing;
    private long _audited;

    /// <summary>Draws on this terminal.</summary>
    public LiveView(IAnsiConsole console, TextWriter terminal, TimeProvider time)
    {
        (_console, _terminal, _time) = (console, terminal, time);
        _plain = new PlainView(WriteLine);
        AppDomain.CurrentDomain.ProcessExit += RestoreCursor;
    }

    /// <inheritdoc/>
    public void Warn(string warning) => _plain.Warn(warning);

    /// <inheritdoc/>
    public void Tell(string text)
    {
        Change(frame => frame with { Activity = text });
        if (_drawing is null)
            _plain.Tell(text);
    }

    /// <inheritdoc/>
    public void Begin(CohortData data, WorkspaceLayout layout, ConsortiumAgreement agreement, RunProgress now)
    {
        _plain.Begin(data, layout, agreement, now);
        _frame = new Frame(now, Activity: null);
        _drawing = DrawAsync();
    }

    /// <inheritdoc/>
    public void PartyStarted(string party, int processId) => _plain.PartyStarted(party, processId);

    /// <inheritdoc/>
    public void Show(string party, NodeEvent entry, RunProgress now)
    {
        Change(frame => frame with { Now = now });
        _plain.Show(party, entry, now);
    }

    /// <inheritdoc/>
    public void Keep()
    {
        Change(frame => frame with { Activity = "all done; the network stays up" });
        _plain.Keep();
    }

    /// <inheritdoc/>
    public void Audited(RoundVerdict verdict) =>
        Change(frame => frame with { Activity = $"auditing: {++_audited} of {frame.Now.Rounds.Count} rounds replayed" });

    /// <inheritdoc/>
    public async Task CloseAsync()
    {
        await _close.CancelAsync();
        if (_drawing is { } drawing)
            await drawing;
        _drawing = null;
        // What came after the last frame.
        while (_lines.Reader.TryRead(out string? line))
            _terminal.WriteLine(line);
    }

    /// <inheritdoc/>
    public void Finish(RunReport report, AuditReport audit, WorkspaceLayout layout, TimeSpan elapsed, ExitCode code) =>
        _plain.Finish(report, audit, layout, elapsed, code);

    /// <inheritdoc/>
    public void Fail(ExitCode code, string message) => _plain.Fail(code, message);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await CloseAsync();
        }
        finally
        {
            RestoreCursor(this, EventArgs.Empty);
            AppDomain.CurrentDomain.ProcessExit -= RestoreCursor;
            _close.Dispose();
        }
    }

    private void WriteLine(string line)
    {
        if (_drawing is null)
            _terminal.WriteLine(line);
        else
            _lines.Writer.TryWrite(line);
    }

    private void Change(Func<Frame, Frame> change)
    {
        if (Volatile.Read(ref _frame) is { } frame)
            Volatile.Write(ref _frame, change(frame));
    }

    private async Task DrawAsync()
    {
        while (true)
        {
            await DrawOneSizeAsync();
            if (_close.IsCancellationRequested)
                return;
            // A terminal that was made narrower has broken the lines above, and where the view began is not known any more.
            _terminal.Write(ClearScreen);
        }
    }

    // A live display keeps the largest size it ever had, so a terminal of another size gets another display.
    private async Task DrawOneSizeAsync()
    {
        (int Width, int Height) size = SizeOf(_console);
        LiveDisplay live = _console.Live(Text.Empty).AutoClear(true).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom);
        await live.StartAsync(async context =>
        {
            Frame? drawn = null;
            long drawnAt = 0;
            using var timer = new PeriodicTimer(LeastInterval, _time);
            do
            {
                while (_lines.Reader.TryRead(out string? line))
                    _console.Write(new ScrolledLine(line));
                Frame frame = Volatile.Read(ref _frame)!;
                if (ReferenceEquals(frame, drawn) && _time.GetElapsedTime(drawnAt) < ClockInterval)
                    continue;
                (drawn, drawnAt) = (frame, _time.GetTimestamp());
                context.UpdateTarget(LiveFrame.Of(frame.Now, frame.Activity, _time.GetUtcNow(), size.Width, size.Height));
            }
            while (await NextAsync(timer) && SizeOf(_console) == size);
        });
    }

    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_close.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void RestoreCursor(object? sender, EventArgs arguments)
    {
        try
        {
            _terminal.Write(ShowCursor);
            _terminal.Flush();
        }
        catch (IOException)
        {
            // The terminal is gone.
        }
    }

    private static (int Width, int Height) SizeOf(IAnsiConsole console) => (console.Profile.Width, console.Profile.Height);

    private sealed record Frame(RunProgress Now, string? Activity);
}
