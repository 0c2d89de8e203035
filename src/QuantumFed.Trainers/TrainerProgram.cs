using System.Globalization;

namespace QuantumFed.Trainers;

/// <summary>
/// A program that trains in the member's place, spoken to over its standard input and output; docs/trainers.md is the protocol. It is started
/// with the first request and kept, also when it reports an error. One that ended after it had answered is started again, and asked again
/// once; one that breaks the protocol, is cancelled or takes too long is killed, and the next request starts it anew. Safe for several threads:
/// requests take turns.
/// </summary>
public sealed class TrainerProgram : IAsyncDisposable
{
    private static readonly TimeSpan WriteGrace = TimeSpan.FromSeconds(1);

    private readonly TrainerSettings _settings;
    private readonly string _workingFolder;
    private readonly Action<string> _onErrorLine;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _ending = new();
    private TrainerProcess? _process;
    private long _requests;
    private bool _disposed;

    /// <summary>Nothing is started yet.</summary>
    /// <param name="settings">The command and its limits, without <see cref="TrainerSettings.Failures"/>.</param>
    /// <param name="workingFolder">Where the program runs.</param>
    /// <param name="onErrorLine">Takes each line of the program's standard error, printable and at most 500 characters; called from another
    /// thread, one call at a time, and must not throw.</param>
    /// <param name="time">The clock of the time limits.</param>
    /// <exception cref="ArgumentException">The settings have failures.</exception>
    public TrainerProgram(TrainerSettings settings, string workingFolder, Action<string> onErrorLine, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentException.ThrowIfNullOrEmpty(workingFolder);
        ArgumentNullException.ThrowIfNull(onErrorLine);
        ArgumentNullException.ThrowIfNull(time);
        if (settings.Failures() is { Count: > 0 } failures)
            throw new ArgumentException(string.Join(' ', failures), nameof(settings));
        _settings = settings;
        _workingFolder = Path.GetFullPath(workingFolder);
        _onErrorLine = onErrorLine;
        _time = time;
    }

    /// <summary>Sends a request and waits for the update.</summary>
    /// <exception cref="ArgumentException">A property of the request is not as described.</exception>
    /// <exception cref="TrainerException">The trainer gave no update; the message is one line for the member's operator.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled or this was disposed; the program has been killed.</exception>
    public async Task<TrainerUpdate> TrainAsync(TrainerRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_disposed, this);
        request.Check();
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
        await _turn.WaitAsync(given.Token).ConfigureAwait(false);
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(_settings.TimeLimitSeconds), _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(given.Token, limit.Token);
            try
            {
                return await AskAsync(request, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!given.IsCancellationRequested)
            {
                string written = _process is { Replies.HasBytes: true } process ? $" It had written {process.Replies.Excerpt()}." : "";
                string seconds = _settings.TimeLimitSeconds.ToString(CultureInfo.InvariantCulture);
                throw await GiveUpAsync(
                    $"did not answer within {seconds} seconds and was ended; raise its time limit if it needs longer.{written}").ConfigureAwait(false);
            }
            catch (TrainerException)
            {
                // The program is dealt with already: given up, or kept where it reported an error in good order.
                throw;
            }
            catch
            {
                await KillAsync().ConfigureAwait(false);
                throw;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Asks the program to end by closing its standard input; what runs on for 5 seconds is killed. A request under way is cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await _ending.CancelAsync().ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_process is { } process)
                await process.StopAsync().ConfigureAwait(false);
            _process = null;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<TrainerUpdate> AskAsync(TrainerRequest request, CancellationToken cancellationToken)
    {
        if (_process is { } old && old.Replies.HasEnded)
            await KillAsync().ConfigureAwait(false);
        while (true)
        {
            TrainerProcess process = _process ??= TrainerProcess.Start(_settings, _workingFolder, _onErrorLine, _time);
            if (process.Answered > 0)
                process.Errors.CountAnew();
            // A reader that is always there sees what is written before the question, and the end of the program.
            if (process.Answered > 0 && process.Replies.HasBytes)
                throw await GiveUpAsync($"wrote {process.Replies.Excerpt()} after its answer; one frame for each request was expected.").ConfigureAwait(false);
            try
            {
                return await ExchangeAsync(process, request, cancellationToken).ConfigureAwait(false);
            }
            catch (FrameFaultException fault) when (fault.Kind == FrameFaultKind.Ended && process.Answered > 0)
            {
                await KillAsync().ConfigureAwait(false);
            }
            catch (FrameFaultException fault)
            {
                string what = fault.Kind == FrameFaultKind.Ended
                    ? $"{await process.EndAsync().ConfigureAwait(false)} {fault.Message}."
                    : fault.Message;
                throw await GiveUpAsync(what).ConfigureAwait(false);
            }
        }
    }

    private async Task<TrainerUpdate> ExchangeAsync(TrainerProcess process, TrainerRequest request, CancellationToken cancellationToken)
    {
        long number = ++_requests;
        byte[] header = request.ToHeader(number);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task writing = TrainerFrame.WriteAsync(process.Requests, header, request.Parameters, giveUp.Token);
        try
        {
            FrameReader replies = process.Replies;
            TrainerReply reply = TrainerReply.Parse(await replies.ReadHeaderAsync(cancellationToken).ConfigureAwait(false), number);
            ulong length = await replies.ReadPayloadLengthAsync(cancellationToken).ConfigureAwait(false);
            float[] delta = new float[reply.Error is null ? request.Parameters.Length : 0];
            if (length != (ulong)delta.Length * sizeof(float))
            {
                string announced = length.ToString(CultureInfo.InvariantCulture);
                throw Malformed(reply.Error is null
                    ? $"announced {announced} bytes of update where {delta.Length} parameters take {(long)delta.Length * sizeof(float)}."
                    : "sent a payload with an error, which has none.");
            }
            await replies.ReadPayloadAsync(delta, cancellationToken).ConfigureAwait(false);
            // An answer may overtake the end of the write by a moment, not by more.
            await writing.WaitAsync(WriteGrace, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (!writing.IsCompletedSuccessfully)
                throw Malformed(reply.Error is null ? "answered before it had read the whole request." : $"reported an error: {reply.Error}");
            RequireFinite(delta);
            if (replies.HasBytes)
                throw Malformed($"wrote {replies.Excerpt()} after its answer; one frame for each request was expected.");
            process.Answered++;
            replies.Watch();
            if (reply.Error is not null)
                throw new TrainerException(_settings.CommandLine, $"The trainer '{_settings.CommandLine}' reported an error: {reply.Error}");
            return new TrainerUpdate(delta, reply.Rows, reply.Metrics);
        }
        finally
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void RequireFinite(float[] delta)
    {
        int at = Array.FindIndex(delta, value => !float.IsFinite(value));
        if (at >= 0)
        {
            string value = float.IsNaN(delta[at]) ? "NaN" : "infinite", index = at.ToString(CultureInfo.InvariantCulture);
            throw Malformed($"gave an update whose parameter {index} is {value}: its training diverged; a smaller learning rate may help.");
        }
    }

    private static FrameFaultException Malformed(string message) => new(FrameFaultKind.Malformed, message);

    private async Task<TrainerException> GiveUpAsync(string what)
    {
        ErrorLines? errors = _process?.Errors;
        await KillAsync().ConfigureAwait(false);
        string tail = errors?.Tail is { Length: > 0 } said ? $" It last said: '{said}'" : "";
        return new TrainerException(_settings.CommandLine, $"The trainer '{_settings.CommandLine}' {what}{tail}");
    }

    private async Task KillAsync()
    {
        if (_process is { } process)
            await process.DisposeAsync().ConfigureAwait(false);
        _process = null;
    }
}
