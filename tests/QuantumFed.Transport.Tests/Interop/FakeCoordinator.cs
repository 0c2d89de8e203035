using System.Security.Cryptography;
using Google.Protobuf;
using QuantumFed.Protocol.Wire;

namespace QuantumFed.Transport.Tests;

/// <summary>The methods of <c>quantumfed.v1.Coordinator</c> with answers made up, so that a stranger's client has something to call.</summary>
internal static class FakeCoordinator
{
    public const string Service = "quantumfed.v1.Coordinator";
    public const int PartSizeInBytes = 1024 * 1024;

    public static readonly GrpcMethod<WatchRequest, RoundNotice> Watch = new(Service, "Watch", WatchRequest.Parser, RoundNotice.Parser);
    public static readonly GrpcMethod<SignedRecord, Acknowledgement> SubmitRecord = new(Service, "SubmitRecord", SignedRecord.Parser, Acknowledgement.Parser);
    public static readonly GrpcMethod<UpdatePart, Acknowledgement> SubmitUpdate = new(Service, "SubmitUpdate", UpdatePart.Parser, Acknowledgement.Parser);
    public static readonly GrpcMethod<ShareRequest, DealtShare> ReceiveShares = new(Service, "ReceiveShares", ShareRequest.Parser, DealtShare.Parser);
    public static readonly GrpcMethod<RoundRequest, SignedRecord> ReadRound = new(Service, "ReadRound", RoundRequest.Parser, SignedRecord.Parser);
    public static readonly GrpcMethod<ObjectRequest, ObjectPart> ReadObject = new(Service, "ReadObject", ObjectRequest.Parser, ObjectPart.Parser);

    public static GrpcServiceMap Map(GrpcServiceMap services) => services
        .MapServerStreaming(Watch, (request, _) => Stream(Phases(request)))
        .MapUnary(SubmitRecord, (request, _) => Task.FromResult(Acknowledge(SHA256.HashData(request.Message.Span))))
        .MapClientStreaming(SubmitUpdate, ReceiveAsync)
        .MapServerStreaming(ReceiveShares, (request, _) => Stream(Enumerable.Range(0, 2).Select(i => new DealtShare
        {
            Manifest = ByteString.CopyFromUtf8($"manifest {i} of round {request.Round}"),
            SealedShare = ByteString.CopyFrom(InteropEcho.Chunk(i, 9119)),
        })))
        .MapUnary(ReadRound, (request, _) => request.Round == 7
            ? Task.FromResult(new SignedRecord { Message = ByteString.CopyFromUtf8("the signed finalisation") })
            : throw new GrpcException(GrpcStatusCode.NotFound, $"Round {request.Round} is not in the archive."))
        .MapServerStreaming(ReadObject, (_, _) => Stream(Enumerable.Range(0, 3).Select(i => new ObjectPart { Data = ByteString.CopyFrom(InteropEcho.Chunk(i, PartSizeInBytes)) })));

    /// <summary>A notice of each phase; the agreement comes back as the object.</summary>
    private static IEnumerable<RoundNotice> Phases(WatchRequest request) => Enum.GetValues<Phase>()
        .Where(phase => phase != Phase.Unspecified)
        .Select(phase => new RoundNotice { Round = 7, Phase = phase, Object = request.Agreement, Detail = phase == Phase.Failed ? "Gründe" : "", Plan = ByteString.CopyFrom(7) });

    private static async Task<Acknowledgement> ReceiveAsync(IAsyncEnumerable<UpdatePart> parts, GrpcCall call)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        UpdatePart.PartOneofCase expected = UpdatePart.PartOneofCase.Header;
        bool complete = false;
        await foreach (UpdatePart part in parts.WithCancellation(call.CancellationToken))
        {
            if (part.PartCase != expected || complete)
                throw new GrpcException(GrpcStatusCode.FailedPrecondition, "The parts of the update are out of order.");
            expected = UpdatePart.PartOneofCase.Chunk;
            if (part.PartCase != UpdatePart.PartOneofCase.Chunk)
                continue;
            hash.AppendData(part.Chunk.Data.Span);
            complete = part.Chunk.Last;
        }
        return complete
            ? Acknowledge(hash.GetHashAndReset())
            : throw new GrpcException(GrpcStatusCode.FailedPrecondition, "The update ended before its last chunk.");
    }

    private static Acknowledgement Acknowledge(byte[] digest) => new() { Digest = ByteString.CopyFrom(digest) };

    private static async IAsyncEnumerable<T> Stream<T>(IEnumerable<T> messages)
    {
        foreach (T message in messages)
            yield return message;
        await Task.CompletedTask;
    }
}
