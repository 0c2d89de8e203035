using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>A key on one hop: which key of the hop's link it is under, the block that it will be, and the sealed bytes.</summary>
/// <param name="HopKey">The id of the link's key, for the receiver to fetch from its own key manager.</param>
/// <param name="Block">The block's number at the two ends.</param>
/// <param name="Message">A message of <see cref="Qkd.OneTimePadHop"/>.</param>
internal sealed record RelayHop(QuantumKeyId HopKey, ulong Block, byte[] Message)
{
    private const byte Version = 1;

    public byte[] ToArray() => new CanonicalWriter().Byte(Version).Bytes(HopKey.ToArray()).UInt64(Block).Bytes(Message).ToArray();

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out RelayHop? hop)
    {
        var reader = new CanonicalReader(bytes);
        reader.Require(reader.Byte() == Version);
        byte[] id = reader.Bytes();
        (ulong block, byte[] message) = (reader.UInt64(), reader.Bytes());
        hop = reader.Complete && id.Length == QuantumKeyId.SizeInBytes && block <= KeyUnit.LastBlock ? new RelayHop(new QuantumKeyId(id), block, message) : null;
        return hop is not null;
    }
}
