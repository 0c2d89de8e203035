using Google.Protobuf.WellKnownTypes;

namespace QuantumFed.Transport.Tests;

/// <summary>Count of <see cref="Echo"/>, which answers only when it is cancelled.</summary>
internal sealed class UploadHandler
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _never = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the first request.</summary>
    public Task Begun => _begun.Task.WaitAsync(GrpcJs.Patience, TestContext.Current.CancellationToken);

    /// <summary>Completes when the call's token is cancelled.</summary>
    public Task Cancelled => _cancelled.Task.WaitAsync(GrpcJs.Patience, TestContext.Current.CancellationToken);

    public GrpcServiceMap Services() => new GrpcServiceMap().MapClientStreaming(Echo.Count, async (requests, call) =>
    {
        call.CancellationToken.Register(() => _cancelled.TrySetResult());
        await foreach (BytesValue _ in requests)
            _begun.TrySetResult();
        await _never.Task.WaitAsync(call.CancellationToken);
        return new Int64Value();
    });
}
