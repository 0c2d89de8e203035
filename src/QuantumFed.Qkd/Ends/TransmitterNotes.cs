using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Qkd;

/// <summary>What the transmitter wrote down: bit, basis and intensity of every pulse that was detected, and how many pulses it sent of each intensity.</summary>
/// <remarks>
/// <para>Good for one block: whoever distils them disposes them, whatever comes of the block. A second block of the same notes would announce other parities of the same
/// bits, which no bound counts.</para>
/// <para>Bytes, version 1, little-endian: "QF-TN-1", 0; 1 byte, whether the choices are secret; the run's id (16); detections (4); pulses sent of each intensity (3 x 8); then four
/// bit planes in whole 8-byte words: bits, bases, low and high bit of the intensity.</para>
/// </remarks>
public sealed class TransmitterNotes : IDisposable
{
    /// <summary>The most detections of one block's notes.</summary>
    public const int MostDetections = 1 << 25;

    private const int HeaderSize = 8 + 1 + LinkRunId.SizeInBytes + sizeof(int) + DecoyProtocol.IntensityCount * sizeof(long);
    private const int Planes = 4;

    internal TransmitterNotes(LinkRunId runId, bool isSecret, int detections, long[] sent, ulong[] bits, ulong[] bases, ulong[] low, ulong[] high)
    {
        (RunId, IsSecret, Detections, SentCounts, Bits, Bases, IntensityLow, IntensityHigh) = (runId, isSecret, detections, sent, bits, bases, low, high);
    }

    /// <summary>The transmission.</summary>
    public LinkRunId RunId { get; }

    /// <summary>Whether bits and bases came from the operating system's generator. Otherwise the key is no secret.</summary>
    public bool IsSecret { get; }

    /// <summary>The number of detections.</summary>
    public int Detections { get; }

    /// <summary>The pulses that were sent.</summary>
    public long Pulses => SentCounts.Sum();

    internal long[] SentCounts { get; }

    internal ulong[] Bits { get; }

    internal ulong[] Bases { get; }

    internal ulong[] IntensityLow { get; }

    internal ulong[] IntensityHigh { get; }

    internal bool IsDisposed { get; private set; }

    private static ReadOnlySpan<byte> Magic => "QF-TN-1\0"u8;

    /// <summary>The pulses sent with this intensity.</summary>
    public long Sent(Intensity intensity) => SentCounts[(int)intensity];

    /// <summary>The canonical bytes: as secret as the key.</summary>
    /// <exception cref="ObjectDisposedException">The notes were used or disposed.</exception>
    public byte[] ToBytes()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        int plane = BitPlane.SizeInBytes(Detections);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(HeaderSize + Planes * plane, pinned: true);
        Span<byte> rest = bytes;
        Magic.CopyTo(rest);
        rest[8] = IsSecret ? (byte)1 : (byte)0;
        RunId.Write(rest[9..]);
        BinaryPrimitives.WriteInt32LittleEndian(rest[25..], Detections);
        for (int k = 0; k < SentCounts.Length; k++)
            BinaryPrimitives.WriteInt64LittleEndian(rest[(29 + 8 * k)..], SentCounts[k]);
        rest = rest[HeaderSize..];
        foreach (ulong[] words in (ReadOnlySpan<ulong[]>)[Bits, Bases, IntensityLow, IntensityHigh])
        {
            BitPlane.Bytes(words).CopyTo(rest);
            rest = rest[plane..];
        }
        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> made; <see langword="false"/> for anything else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out TransmitterNotes? notes)
    {
        notes = null;
        if (bytes.Length < HeaderSize || !bytes.StartsWith(Magic) || bytes[8] > 1)
            return false;
        int detections = BinaryPrimitives.ReadInt32LittleEndian(bytes[25..]);
        if (detections is < 0 or > MostDetections || bytes.Length != HeaderSize + Planes * BitPlane.SizeInBytes(detections))
            return false;
        long[] sent = new long[DecoyProtocol.IntensityCount];
        for (int k = 0; k < sent.Length; k++)
        {
            sent[k] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(29 + 8 * k)..]);
            if (sent[k] is < 0 or > LinkNotes.MostPulses)
                return false;
        }
        ulong[][] planes = new ulong[Planes][];
        bool valid = true;
        for (int k = 0; k < Planes; k++)
            valid &= BitPlane.TryRead(bytes[(HeaderSize + k * BitPlane.SizeInBytes(detections))..], detections, out planes[k]);
        var read = new TransmitterNotes(LinkRunId.Read(bytes[9..]), bytes[8] != 0, detections, sent, planes[0], planes[1], planes[2], planes[3]);
        if (!valid || !BlockSifting.AreIntensities(read.IntensityLow, read.IntensityHigh))
        {
            read.Dispose();
            return false;
        }
        notes = read;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IsDisposed = true;
        BitPlane.Erase(Bits);
        BitPlane.Erase(Bases);
        BitPlane.Erase(IntensityLow);
        BitPlane.Erase(IntensityHigh);
    }
}
