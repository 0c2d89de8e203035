using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace QuantumFed.Trainers;

/// <summary>
/// A frame: header length (u32), JSON header, payload length (u64), payload of IEEE 754 binary32; all little-endian.
/// </summary>
internal static class TrainerFrame
{
    public const string Protocol = "quantumfed-trainer/1";

    /// <summary>The largest header, in bytes.</summary>
    public const int MaxHeaderSizeInBytes = 1 << 20;

    public const int LengthSizeInBytes = 4;
    public const int PayloadLengthSizeInBytes = 8;

    private const int ChunkLength = 1 << 14;

    /// <summary>Writes a frame.</summary>
    /// <exception cref="IOException">The reader has gone.</exception>
    public static async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> header, ReadOnlyMemory<float> payload, CancellationToken cancellationToken)
    {
        byte[] head = new byte[LengthSizeInBytes + header.Length + PayloadLengthSizeInBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(head, (uint)header.Length);
        header.CopyTo(head.AsMemory(LengthSizeInBytes));
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(LengthSizeInBytes + header.Length), (ulong)payload.Length * sizeof(float));
        await stream.WriteAsync(head, cancellationToken).ConfigureAwait(false);

        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkLength * sizeof(float));
        try
        {
            for (int done = 0; done < payload.Length; done += ChunkLength)
            {
                int count = Math.Min(ChunkLength, payload.Length - done);
                Encode(payload.Span.Slice(done, count), chunk);
                await stream.WriteAsync(chunk.AsMemory(0, count * sizeof(float)), cancellationToken).ConfigureAwait(false);
            }
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>The numbers in a payload's bytes, as many as fit the span.</summary>
    public static void Decode(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.Cast<byte, float>(bytes)[..values.Length].CopyTo(values);
            return;
        }
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
    }

    private static void Encode(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(bytes);
            return;
        }
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes[(i * sizeof(float))..], values[i]);
    }
}
