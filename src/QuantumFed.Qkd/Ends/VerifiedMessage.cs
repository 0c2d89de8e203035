using System.Buffers.Binary;

namespace QuantumFed.Qkd;

/// <summary>What the receiver found after reconciliation.</summary>
/// <param name="Kept">Per part 1 when it was found equal.</param>
/// <param name="Errors">Errors corrected in these parts, by intensity.</param>
/// <param name="Abort">The receiver's verdict.</param>
/// <param name="KeyBits">How long a key it allows.</param>
internal sealed record VerifiedMessage(byte[] Kept, int[] Errors, AbortReason? Abort, int KeyBits)
{
    internal static int Size(int parts) => 1 + parts + DecoyProtocol.IntensityCount * sizeof(int) + 1 + sizeof(int);

    internal byte[] ToMessage()
    {
        byte[] message = LinkSession.Message(LinkMessageKind.Verified, Size(Kept.Length) - 1);
        Kept.CopyTo(message.AsSpan(1));
        Span<byte> rest = message.AsSpan(1 + Kept.Length);
        for (int k = 0; k < Errors.Length; k++)
            BinaryPrimitives.WriteInt32LittleEndian(rest[(k * sizeof(int))..], Errors[k]);
        rest = rest[(Errors.Length * sizeof(int))..];
        rest[0] = BlockEstimation.Verdict(Abort);
        BinaryPrimitives.WriteInt32LittleEndian(rest[1..], KeyBits);
        return message;
    }

    /// <summary>Reads a message of the right size.</summary>
    /// <exception cref="LinkProtocolException">Malformed, or a part was found equal that was not reconciled.</exception>
    internal static VerifiedMessage Read(byte[] message, int parts, byte[] reconciled)
    {
        byte[] kept = message[1..(1 + parts)];
        for (int part = 0; part < parts; part++)
        {
            if (kept[part] > reconciled[part])
                throw new LinkProtocolException("The receiver's account of verification is malformed.");
        }
        ReadOnlySpan<byte> rest = message.AsSpan(1 + parts);
        int[] errors = new int[DecoyProtocol.IntensityCount];
        for (int k = 0; k < errors.Length; k++)
            errors[k] = BinaryPrimitives.ReadInt32LittleEndian(rest[(k * sizeof(int))..]);
        rest = rest[(errors.Length * sizeof(int))..];
        return new VerifiedMessage(kept, errors, BlockEstimation.ReadVerdict(rest[0]), BinaryPrimitives.ReadInt32LittleEndian(rest[1..]));
    }
}
