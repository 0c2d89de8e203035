namespace QuantumFed.Protocol;

/// <summary>The coordinator's word that a round is complete: what <c>finalizeRound</c> records.</summary>
/// <param name="Plan">Digest of the plan's body.</param>
/// <param name="TranscriptRoot">Merkle root of the transcript.</param>
/// <param name="Model">Digest of the next model's bytes.</param>
public sealed record Finalization(Digest Plan, Digest TranscriptRoot, Digest Model) : IRecord<Finalization>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.Finalization;

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) => writer.Digest(Plan).Digest(TranscriptRoot).Digest(Model);

    /// <inheritdoc/>
    public static Finalization? Read(ref CanonicalReader reader) => new(reader.Digest(), reader.Digest(), reader.Digest());
}
