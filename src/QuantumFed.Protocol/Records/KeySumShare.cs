namespace QuantumFed.Protocol;

/// <summary>A committee member's sum, over the round's set, of the shares dealt to it (sigma_j).</summary>
/// <param name="Closing">Digest of the closing's body: fixes the set.</param>
/// <param name="Receiver">The committee member's point.</param>
/// <param name="Sum">The sum in its canonical bytes.</param>
public sealed record KeySumShare(Digest Closing, ushort Receiver, ReadOnlyMemory<byte> Sum) : IRecord<KeySumShare>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.KeySumShare;

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) => writer.Digest(Closing).UInt16(Receiver).Bytes(Sum.Span);

    /// <inheritdoc/>
    public static KeySumShare? Read(ref CanonicalReader reader) => new(reader.Digest(), reader.UInt16(), reader.Bytes());
}
