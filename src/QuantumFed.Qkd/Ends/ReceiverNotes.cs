using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Qkd;

/// <summary>What the receiver wrote down: bit and basis of every detection, and how many pulses came while it was not blind after a click.</summary>
/// <remarks>
/// <para>Good for one block, as <see cref="TransmitterNotes"/> are. Detections are numbered in their order, which stands for the pulses' numbers that a real receiver announces.</para>
/// <para>In a simulation the transmitter's process makes these notes, sends their bytes over the simulated fibre, and erases its own copy. They stand for light, so nothing
/// protects them: whoever reads that transport knows the key.</para>
/// <para>Bytes, version 1, little-endian: "QF-RN-1", 0; 1 byte, whether the choices are secret; the run's id (16); detections (4); live pulses (8); then two bit planes in whole 8-byte
/// words: bits and bases.</para>
/// </remarks>
public sealed class ReceiverNotes : IDisposable
{
    private const int HeaderSize = 8 + 1 + LinkRunId.SizeInBytes + sizeof(int) + sizeof(long);

    internal ReceiverNotes(LinkRunId runId, bool isSecret, int detections, long livePulses, ulong[] bits, ulong[] bases)
    {
        (RunId, IsSecret, Detections, LivePulses, Bits, Bases) = (runId, isSecret, detections, livePulses, bits, bases);
    }

    /// <summary>The transmission.</summary>
    public LinkRunId RunId { get; }

    /// <summary>Whether bits and bases came from the operating system's generator. Otherwise the key is no secret.</summary>
    public bool IsSecret { get; }

    /// <summary>The number of detections.</summary>
    public int Detections { get; }

    /// <summary>The pulses that came while the receiver was not blind.</summary>
    public long LivePulses { get; }

    internal ulong[] Bits { get; }

    internal ulong[] Bases { get; }

    internal bool IsDisposed { get; private set; }

    private static ReadOnlySpan<byte> Magic => "QF-RN-1\0"u8;

    /// <summary>The canonical bytes: as secret as the key.</summary>
    /// <exception cref="ObjectDisposedException">The notes were used or disposed.</exception>
    public byte[] ToBytes()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        int plane = BitPlane.SizeInBytes(Detections);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(HeaderSize + 2 * plane, pinned: true);
        Magic.CopyTo(bytes);
        bytes[8] = IsSecret ? (byte)1 : (byte)0;
        RunId.Write(bytes.AsSpan(9));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(25), Detections);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(29), LivePulses);
        BitPlane.Bytes(Bits).CopyTo(bytes.AsSpan(HeaderSize));
        BitPlane.Bytes(Bases).CopyTo(bytes.AsSpan(HeaderSize + plane));
        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> made; <see langword="false"/> for anything else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ReceiverNotes? notes)
    {
        notes = null;
        if (bytes.Length < HeaderSize || !bytes.StartsWith(Magic) || bytes[8] > 1)
            return false;
        int detections = BinaryPrimitives.ReadInt32LittleEndian(bytes[25..]);
        long live = BinaryPrimitives.ReadInt64LittleEndian(bytes[29..]);
        if (detections is < 0 or > TransmitterNotes.MostDetections || live < detections || live > LinkNotes.MostPulses
            || bytes.Length != HeaderSize + 2 * BitPlane.SizeInBytes(detections))
            return false;
        bool valid = BitPlane.TryRead(bytes[HeaderSize..], detections, out ulong[] bits)
            & BitPlane.TryRead(bytes[(HeaderSize + BitPlane.SizeInBytes(detections))..], detections, out ulong[] bases);
        var read = new ReceiverNotes(LinkRunId.Read(bytes[9..]), bytes[8] != 0, detections, live, bits, bases);
        if (!valid)
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
    }
}
