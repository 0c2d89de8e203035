using System.Buffers.Binary;

namespace QuantumFed.Qkd;

/// <summary>The bytes of a question, version 1. An answer is one bit per question in the order asked, packed from the least significant bit, and
/// zero bits up to the byte's end.</summary>
/// <remarks>
/// <para>Start of a pass: 0x01, the pass (0 to 15). Asks for the parities of bits [0, e) of a lane for the end e of every top block.</para>
/// <para>Splits: 0x02, then four little-endian bytes each: lane in the upper 8 bits, m in the lower 24. Asks for the parity of bits [0, m) of the
/// lane; with the parities of the block's ends known, that is the parity of its left part, and one bit of information.</para>
/// </remarks>
internal static class CascadeMessage
{
    internal const byte PassStart = 1;
    internal const byte Splits = 2;
    internal const int PassStartSize = 2;
    internal const int SplitSize = sizeof(uint);

    internal static void WriteSplit(Span<byte> destination, int lane, int boundary) =>
        BinaryPrimitives.WriteUInt32LittleEndian(destination, ((uint)lane << 24) | (uint)boundary);

    internal static (int Lane, int Boundary) ReadSplit(ReadOnlySpan<byte> source)
    {
        uint split = BinaryPrimitives.ReadUInt32LittleEndian(source);
        return ((int)(split >> 24), (int)(split & 0xFFFFFF));
    }

    internal static int AnswerSize(int questions) => (questions + 7) >>> 3;
}
