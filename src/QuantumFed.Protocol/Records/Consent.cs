namespace QuantumFed.Protocol;

/// <summary>A party's consent to the consortium's agreement, whose bytes have this digest.</summary>
public sealed record Consent(Digest Agreement) : IRecord<Consent>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.Consent;

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) => writer.Digest(Agreement);

    /// <inheritdoc/>
    public static Consent? Read(ref CanonicalReader reader) => new(reader.Digest());
}
