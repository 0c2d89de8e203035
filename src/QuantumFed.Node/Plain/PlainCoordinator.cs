using Google.Protobuf;
using Microsoft.Extensions.Logging;
using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Protocol.Wire.Plain;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>
/// The coordinator of a federation in the clear, for comparisons: it sees every update. The same process, channel and training as the encrypted one;
/// no ledger, no committee, no replay.
/// </summary>
internal sealed partial class PlainCoordinator(ConsortiumAgreement agreement, string modelFolder, TimeProvider time, ILogger logger)
{
    private const int PartSize = 1 << 20;

    private readonly Lock _lock = new();
    private readonly ChangeSignal _changed = new();
    private readonly SortedDictionary<MemberId, (double[] Numbers, ulong Weight)> _updates = [];
    private ModelState _model = RoundTask.InitialModel(agreement.Task);
    private int _step;

    public GrpcServiceMap Map() => new GrpcServiceMap()
        .MapServerStreaming(PlainMethods.ReadModel, ReadModel)
        .MapClientStreaming(PlainMethods.SubmitUpdate, SubmitUpdate);

    /// <summary>Steps as soon as every member's update is there, until all rounds are done.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        for (int rounds = RoundTask.RoundCount(agreement.Task); _step < rounds;)
        {
            long started = time.GetTimestamp();
            await UntilAllAsync(cancellation);
            ModelState next = PlainAggregation.Step(agreement.Task, _model, [.. _updates.Values]);
            byte[] bytes = next.ToCanonicalBytes();
            DurableFile.Write(Path.Combine(modelFolder, Digest.Of(bytes).ToString()), bytes);
            Log.Stepped(logger, _step, Digest.Of(bytes), time.GetElapsedTime(started).TotalSeconds);
            lock (_lock)
            {
                (_model, _step) = (next, _step + 1);
                _updates.Clear();
            }
            _changed.Raise();
        }
        Log.Completed(logger, _step);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
    }

    private async Task UntilAllAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task next = _changed.Next;
            lock (_lock)
            {
                if (_updates.Count == agreement.Members.Count)
                    return;
            }
            await next.WaitAsync(cancellation);
        }
    }

    private async IAsyncEnumerable<ModelPart> ReadModel(ModelRequest request, GrpcCall call)
    {
        Caller(call);
        byte[] bytes;
        while (true)
        {
            Task next = _changed.Next;
            lock (_lock)
            {
                if (request.Step < _step)
                    throw new GrpcException(GrpcStatusCode.FailedPrecondition, $"Step {request.Step} is over.");
                if (request.Step == _step)
                {
                    bytes = _model.ToCanonicalBytes();
                    break;
                }
            }
            await next.WaitAsync(call.CancellationToken);
        }
        for (int offset = 0; offset < bytes.Length; offset += PartSize)
            yield return new ModelPart { Data = ByteString.CopyFrom(bytes.AsSpan(offset, Math.Min(PartSize, bytes.Length - offset))) };
    }

    private async Task<PlainAcknowledgement> SubmitUpdate(IAsyncEnumerable<PlainUpdatePart> parts, GrpcCall call)
    {
        MemberId member = Caller(call);
        RoundPurpose purpose;
        int step;
        lock (_lock)
            (purpose, step) = (RoundTask.PurposeOf(agreement.Task, _model), _step);
        int size = PlainNumbers.SizeOf(agreement.Task, purpose);
        PlainUpdateHeader? header = null;
        using var data = new MemoryStream();
        await foreach (PlainUpdatePart part in parts)
        {
            header ??= part.Header;
            if (data.Length + part.Data.Length > size)
                throw new GrpcException(GrpcStatusCode.InvalidArgument, $"The update is longer than {size} bytes.");
            data.Write(part.Data.Span);
        }
        lock (_lock)
        {
            if (header is null || header.Step != step || step != _step || header.Weight == 0 || data.Length != size)
                throw new GrpcException(GrpcStatusCode.InvalidArgument, $"This is no update to step {_step}, which is due.");
            _updates[member] = (PlainNumbers.FromBytes(purpose, data.ToArray()), header.Weight);
        }
        Log.Received(logger, _step, member, data.Length);
        _changed.Raise();
        return new PlainAcknowledgement();
    }

    private MemberId Caller(GrpcCall call) => call.Peer is { } peer && agreement.Find(peer) is not null
        ? peer
        : throw new GrpcException(GrpcStatusCode.PermissionDenied, "You are no member of this consortium.");

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Information, "Plain step {Step} in {Seconds:F2} s: model {Model}.")]
        public static partial void Stepped(ILogger logger, int step, Digest model, double seconds);

        [LoggerMessage(3002, LogLevel.Information, "The plain federation has completed its {Steps} steps.")]
        public static partial void Completed(ILogger logger, int steps);

        [LoggerMessage(3003, LogLevel.Information, "Plain step {Step}: update of {Member}, {Bytes} bytes, readable by the coordinator.")]
        public static partial void Received(ILogger logger, int step, MemberId member, long bytes);
    }
}
