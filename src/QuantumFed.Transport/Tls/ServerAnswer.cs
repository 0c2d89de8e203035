using System.Buffers.Binary;

namespace QuantumFed.Transport;

/// <summary>What a TLS 1.3 server's first record said: an alert, a HelloRetryRequest for a group, or something else.</summary>
internal readonly record struct ServerAnswer(ServerAnswerKind Kind, ushort Group)
{
    private const int RecordHeader = 5, MessageHeader = 4;

    /// <summary>Reads the first record of <paramref name="wire"/> (RFC 8446, sections 4.1.3, 4.1.4 and 6).</summary>
    public static ServerAnswer Read(ReadOnlySpan<byte> wire)
    {
        ServerAnswer other = new(ServerAnswerKind.Other, 0);
        if (wire.Length < RecordHeader + 2)
            return other;
        ReadOnlySpan<byte> body = wire[RecordHeader..];
        if (wire[0] == 21 && body[0] == 2)
            return new ServerAnswer(ServerAnswerKind.Alert, 0);
        // server_hello; version and random, then the session id, cipher suite, compression, extensions.
        if (wire[0] != 22 || body[0] != 2 || body.Length < MessageHeader + 35)
            return other;
        ReadOnlySpan<byte> hello = body[MessageHeader..];
        int at = 34 + 1 + hello[34] + 2 + 1 + 2;
        while (at + 4 <= hello.Length)
        {
            ushort type = BinaryPrimitives.ReadUInt16BigEndian(hello[at..]);
            ushort length = BinaryPrimitives.ReadUInt16BigEndian(hello[(at + 2)..]);
            // A key_share of two bytes is a HelloRetryRequest's selected_group; a ServerHello's carries a share.
            if (type == 51 && length == 2 && at + 6 <= hello.Length)
                return new ServerAnswer(ServerAnswerKind.HelloRetryRequest, BinaryPrimitives.ReadUInt16BigEndian(hello[(at + 4)..]));
            at += 4 + length;
        }
        return other;
    }
}
