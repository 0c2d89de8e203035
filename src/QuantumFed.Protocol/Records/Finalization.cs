namespace QuantumFed.Protocol;

/// <summary>The coordinator's word that a round is over: what <c>finalizeRound</c>, or <c>failRound</c>, records.</summary>
/// <param name="Plan">Digest of the plan's body.</param>
/// <param name="Transcript">Digest of the transcript index, from which every object of the round is found.</param>
/// <param name="TranscriptRoot">Merkle root of the transcript.</param>
/// <param name="Model">Digest of the next model's bytes; zero where the sum did not decode.</param>
/// <param name="Metadata">Digest of the <see cref="RoundMetadata"/>; zero where the sum did not decode.</param>
public sealed record Finalization(Digest Plan, Digest Transcript, Digest TranscriptRoot, Digest Model, Digest Metadata) : IRecord<Finalization>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.Finalization;

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) => writer.Digest(Plan).Digest(Transcript).Digest(TranscriptRoot).Digest(Model).Digest(Metadata);

    /// <inheritdoc/>
    public static Finalization? Read(ref CanonicalReader reader) =>
        new(reader.Digest(), reader.Digest(), reader.Digest(), reader.Digest(), reader.Digest());
}
