using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;

namespace QuantumFed.Transport;

/// <summary>
/// Length-prefixed messages ("gRPC over HTTP/2"): a flag byte (0: not compressed), the length in 4 big-endian bytes, the message. Their
/// borders are independent of HTTP's DATA frames.
/// </summary>
internal static class MessageFraming
{
    /// <summary>Flag and length.</summary>
    public const int PrefixSizeInBytes = 5;

    /// <summary>gRPC's default limit on a message that is received.</summary>
    public const int DefaultMaxMessageSizeInBytes = 4 * 1024 * 1024;

    /// <summary>Writes one message.</summary>
    public static void Write(IBufferWriter<byte> writer, IMessage message)
    {
        WritePrefix(writer.GetSpan(PrefixSizeInBytes), message.CalculateSize());
        writer.Advance(PrefixSizeInBytes);
        message.WriteTo(writer);
    }

    /// <summary>Writes flag and length.</summary>
    public static void WritePrefix(Span<byte> destination, int length)
    {
        destination[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], (uint)length);
    }

    /// <summary>Reads the next message; a default value at the end of the stream.</summary>
    /// <exception cref="GrpcException">
    /// RESOURCE_EXHAUSTED: the length exceeds <paramref name="maxMessageSizeInBytes"/>, noticed before anything is buffered. INTERNAL: a
    /// flag other than 0 (compression is never agreed on here), a message cut short, or bytes that are no such message.
    /// </exception>
    public static async ValueTask<ReceivedMessage<T>> ReadAsync<T>(PipeReader reader, MessageParser<T> parser, int maxMessageSizeInBytes, CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (TryTake(buffer, maxMessageSizeInBytes, out ReadOnlySequence<byte> body))
            {
                T message = Parse(parser, body);
                reader.AdvanceTo(body.End);
                return new ReceivedMessage<T>(true, message);
            }
            if (result.IsCompleted)
            {
                if (buffer.IsEmpty)
                    return default;
                throw new GrpcException(GrpcStatusCode.Internal, "The stream ended within a message.");
            }
            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static bool TryTake(ReadOnlySequence<byte> buffer, int maxMessageSizeInBytes, out ReadOnlySequence<byte> body)
    {
        body = default;
        if (buffer.Length < PrefixSizeInBytes)
            return false;
        Span<byte> prefix = stackalloc byte[PrefixSizeInBytes];
        buffer.Slice(0, PrefixSizeInBytes).CopyTo(prefix);
        if (prefix[0] != 0)
            throw new GrpcException(GrpcStatusCode.Internal, prefix[0] == 1 ? "A message is compressed without a grpc-encoding." : "A message has an unknown flag.");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > maxMessageSizeInBytes)
            throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"A message of {length} bytes exceeds the limit of {maxMessageSizeInBytes}.");
        if (buffer.Length < PrefixSizeInBytes + length)
            return false;
        body = buffer.Slice(PrefixSizeInBytes, length);
        return true;
    }

    private static T Parse<T>(MessageParser<T> parser, ReadOnlySequence<byte> body)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(body);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GrpcException(GrpcStatusCode.Internal, "A message cannot be parsed.", null, e);
        }
    }
}
