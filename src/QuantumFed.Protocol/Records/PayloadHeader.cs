namespace QuantumFed.Protocol;

/// <summary>The header of a sealed payload, so that the sender signs how the payload was sealed.</summary>
/// <param name="Commitment">The update it carries, by its commitment.</param>
/// <param name="Header">The seal's header as the transport wrote it.</param>
public sealed record PayloadHeader(Digest Commitment, ReadOnlyMemory<byte> Header) : IRecord<PayloadHeader>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.PayloadHeader;

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) => writer.Digest(Commitment).Bytes(Header.Span);

    /// <inheritdoc/>
    public static PayloadHeader? Read(ref CanonicalReader reader) => new(reader.Digest(), reader.Bytes());
}
