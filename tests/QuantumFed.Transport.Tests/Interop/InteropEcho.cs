using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace QuantumFed.Transport.Tests;

/// <summary>The service of tests/grpc-interop/echo.proto: <see cref="Echo"/>, and methods for streams that are long.</summary>
internal sealed class InteropEcho
{
    public const int ChunkSizeInBytes = 64 * 1024;

    public static readonly GrpcMethod<BytesValue, BytesValue> Digest = new("test.Echo", "Digest", BytesValue.Parser, BytesValue.Parser);
    public static readonly GrpcMethod<Int64Value, BytesValue> Produce = new("test.Echo", "Produce", Int64Value.Parser, BytesValue.Parser);
    public static readonly GrpcMethod<Int64Value, Int64Value> Produced = new("test.Echo", "Produced", Int64Value.Parser, Int64Value.Parser);

    private static readonly byte[] Pattern = [.. Enumerable.Range(0, 512).Select(j => (byte)j)];

    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _produced;

    /// <summary>Completes when the token of a call of Produce is cancelled.</summary>
    public Task Cancelled => _cancelled.Task.WaitAsync(GrpcJs.Patience, TestContext.Current.CancellationToken);

    /// <summary>SHA-256 of that many chunks, in lower-case hexadecimal.</summary>
    public static string DigestOf(int chunks, int size)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < chunks; i++)
            hash.AppendData(Chunk(i, size));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Byte j of chunk i is (i + j) mod 256.</summary>
    public static byte[] Chunk(long i, int size)
    {
        byte[] chunk = new byte[size];
        for (int j = 0; j < size; j += 256)
            Pattern.AsSpan((int)(i % 256), Math.Min(256, size - j)).CopyTo(chunk.AsSpan(j));
        return chunk;
    }

    public GrpcServiceMap Services() => Echo.Services()
        .MapClientStreaming(Digest, async (requests, call) =>
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await foreach (BytesValue request in requests.WithCancellation(call.CancellationToken))
                hash.AppendData(request.Value.Span);
            return new BytesValue { Value = ByteString.CopyFrom(hash.GetHashAndReset()) };
        })
        .MapServerStreaming(Produce, ProduceAsync)
        .MapUnary(Produced, (_, _) => Task.FromResult(new Int64Value { Value = Interlocked.Read(ref _produced) }));

    private async IAsyncEnumerable<BytesValue> ProduceAsync(Int64Value request, GrpcCall call)
    {
        call.CancellationToken.Register(() => _cancelled.TrySetResult());
        for (long i = 0; i < request.Value; i++)
        {
            Interlocked.Increment(ref _produced);
            yield return new BytesValue { Value = ByteString.CopyFrom(Chunk(i, ChunkSizeInBytes)) };
        }
        await Task.CompletedTask;
    }
}
