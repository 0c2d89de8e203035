namespace QuantumFed.Protocol;

/// <summary>The header of a sealed payload, so that the sender signs how the payload was sealed.</summary>
/// <param name="Commitment">The update it carries, by its commitment.</param>
/// <param name="Header">The seal's header as the transport wrote it.</param>
public sealed record PayloadHeader(Digest Commitment, ReadOnlyMemory<byte> Header) : IRecord<PayloadHeader>
{
    // The second byte of every version of the seal's header (docs/wire-format.md).
    private const int ModeOffset = 1;

    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.PayloadHeader;

    /// <summary>What the seal's key was mixed from, as the sender says; <see cref="PayloadMode.None"/> where the header is too short to say.</summary>
    public PayloadMode Mode => Header.Length > ModeOffset ? (PayloadMode)Header.Span[ModeOffset] : PayloadMode.None;

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) => writer.Digest(Commitment).Bytes(Header.Span);

    /// <inheritdoc/>
    public static PayloadHeader? Read(ref CanonicalReader reader) => new(reader.Digest(), reader.Bytes());
}
