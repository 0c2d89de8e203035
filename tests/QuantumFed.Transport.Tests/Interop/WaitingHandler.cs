using Google.Protobuf.WellKnownTypes;

namespace QuantumFed.Transport.Tests;

/// <summary>Unary and Split of <see cref="Echo"/>, answered when the test says so, or never.</summary>
internal sealed class WaitingHandler
{
    private readonly TaskCompletionSource<GrpcCall> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The call, once it is here.</summary>
    public Task<GrpcCall> Started => _started.Task.WaitAsync(GrpcJs.Patience, TestContext.Current.CancellationToken);

    /// <summary>Whether the call is here.</summary>
    public bool HasStarted => _started.Task.IsCompleted;

    /// <summary>Completes when the call's token is cancelled.</summary>
    public Task Cancelled => _cancelled.Task.WaitAsync(GrpcJs.Patience, TestContext.Current.CancellationToken);

    /// <summary>Lets the handler answer with its request.</summary>
    public void Release() => _released.SetResult();

    public GrpcServiceMap Services() => new GrpcServiceMap()
        .MapUnary(Echo.Unary, async (request, call) =>
        {
            await WaitAsync(call);
            return request;
        })
        .MapServerStreaming(Echo.Split, (_, call) => StreamAsync(call));

    private async IAsyncEnumerable<StringValue> StreamAsync(GrpcCall call)
    {
        await WaitAsync(call);
        yield break;
    }

    private async Task WaitAsync(GrpcCall call)
    {
        // Not unregistered: the last registered runs first, and would end this method before the first has run.
        call.CancellationToken.Register(() => _cancelled.TrySetResult());
        _started.SetResult(call);
        await _released.Task.WaitAsync(call.CancellationToken);
    }
}
