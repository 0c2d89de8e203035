namespace QuantumFed.Protocol;

/// <summary>The coordinator's word that it gave a round up before closing it: nothing of the round is ever opened.</summary>
/// <param name="Federation">The federation.</param>
/// <param name="Round">The round.</param>
/// <param name="Reason">Why, as on the ledger.</param>
/// <param name="Detail">Why, for people.</param>
public sealed record Abandonment(FederationId Federation, RoundId Round, AbandonReason Reason, string Detail) : IRecord<Abandonment>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.Abandonment;

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) =>
        writer.Digest(Federation.Value).UInt64(Round.Value).Byte((byte)Reason).Text(Detail);

    /// <inheritdoc/>
    public static Abandonment? Read(ref CanonicalReader reader)
    {
        var record = new Abandonment(
            new FederationId(reader.Digest()), new RoundId(reader.UInt64()), (AbandonReason)reader.Byte(), reader.Text());
        reader.Require(Enum.IsDefined(record.Reason));
        return record;
    }
}
