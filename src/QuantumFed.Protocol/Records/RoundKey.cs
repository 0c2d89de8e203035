namespace QuantumFed.Protocol;

/// <summary>A committee member's fresh encapsulation key for one round. Shares of the round's secrets are sealed to it; its private half is erased after the opening.</summary>
/// <param name="Federation">The federation.</param>
/// <param name="Round">The round.</param>
/// <param name="EncapsulationKey">The encoded key (ML-KEM-768 and ECDH P-256).</param>
public sealed record RoundKey(FederationId Federation, RoundId Round, ReadOnlyMemory<byte> EncapsulationKey) : IRecord<RoundKey>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.RoundKey;

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) =>
        writer.Digest(Federation.Value).UInt64(Round.Value).Bytes(EncapsulationKey.Span);

    /// <inheritdoc/>
    public static RoundKey? Read(ref CanonicalReader reader) =>
        new(new FederationId(reader.Digest()), new RoundId(reader.UInt64()), reader.Bytes());
}
