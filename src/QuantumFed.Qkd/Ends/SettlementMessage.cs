using System.Buffers.Binary;
using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>The first two messages of every conversation: whether the block before is settled. Proved by tokens, so no tag covers them.</summary>
/// <remarks>Kind (1), version (1), 0 for nothing, 1 abandoned (T), 2 settled (T) or saved (R) (1), block (8), token (16).</remarks>
internal static class SettlementMessage
{
    internal const int Size = 11 + PendingBlock.TokenSize;
    internal const byte Version = 1;
    internal const byte Nothing = 0, Abandoned = 1, Settled = 2;

    internal static byte[] Create(byte what, ulong block, ReadOnlySpan<byte> token)
    {
        byte[] message = LinkSession.Message(LinkMessageKind.Settlement, Size - 1);
        message[1] = Version;
        message[2] = what;
        BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(3), block);
        token.CopyTo(message.AsSpan(11));
        return message;
    }

    internal static void RequireVersion(byte[] message)
    {
        if (message[1] != Version)
            throw new LinkProtocolException($"The other end speaks version {message[1]} of the link's protocol, this one {Version}.");
    }

    /// <summary>Whether the message says this of this block, and proves it.</summary>
    internal static bool Proves(byte[] message, byte what, ulong block, ReadOnlySpan<byte> token) =>
        message[2] == what && BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(3)) == block
        && CryptographicOperations.FixedTimeEquals(message.AsSpan(11), token);
}
