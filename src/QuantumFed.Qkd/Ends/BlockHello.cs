using System.Buffers.Binary;

namespace QuantumFed.Qkd;

/// <summary>How either end begins a block.</summary>
/// <remarks>Kind (1), block (8), run (16), whether the choices are secret (1), detections (4), three counts (8 each: T the pulses sent of each intensity, R the live pulses and
/// zeros), the agreement (64).</remarks>
/// <param name="Block">The block's number: the receiver's position in the stream of authentication keys, in blocks.</param>
/// <param name="Run">Whose notes.</param>
/// <param name="IsSecret">Whether the own choices were secret.</param>
/// <param name="Detections">How many detections.</param>
/// <param name="Counts">Three counts.</param>
internal sealed record BlockHello(ulong Block, LinkRunId Run, bool IsSecret, int Detections, long[] Counts)
{
    internal const int Size = AgreementOffset + LinkAgreement.SizeInBytes;

    private const int AgreementOffset = 1 + 8 + LinkRunId.SizeInBytes + 1 + 4 + 3 * 8;

    internal byte[] ToMessage(LinkAgreement agreement)
    {
        byte[] message = LinkSession.Message(LinkMessageKind.Hello, Size - 1);
        BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(1), Block);
        Run.Write(message.AsSpan(9));
        message[25] = IsSecret ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(26), Detections);
        for (int k = 0; k < 3; k++)
            BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(30 + 8 * k), Counts[k]);
        agreement.Write(message.AsSpan(AgreementOffset));
        return message;
    }

    /// <summary>Reads the other end's, of the right size, and compares what must be alike.</summary>
    /// <exception cref="LinkProtocolException">A number is impossible.</exception>
    internal static BlockHello Read(byte[] message)
    {
        long[] counts = new long[3];
        for (int k = 0; k < 3; k++)
        {
            counts[k] = BinaryPrimitives.ReadInt64LittleEndian(message.AsSpan(30 + 8 * k));
            if (counts[k] is < 0 or > LinkNotes.MostPulses)
                throw new LinkProtocolException("The other end counts an impossible number of pulses.");
        }
        if (message[25] > 1)
            throw new LinkProtocolException("The other end's hello is malformed.");
        return new BlockHello(
            BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(1)), LinkRunId.Read(message.AsSpan(9)), message[25] != 0,
            BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(26)), counts);
    }

    /// <summary>Whether both ends hold one agreement and notes of one transmission.</summary>
    internal static bool Agree(byte[] one, byte[] other) =>
        // Run, secrecy and detections; then the agreement. Only the block and the counts in between differ.
        one.AsSpan(9, LinkRunId.SizeInBytes + 5).SequenceEqual(other.AsSpan(9, LinkRunId.SizeInBytes + 5))
        && one.AsSpan(AgreementOffset).SequenceEqual(other.AsSpan(AgreementOffset));
}
