namespace QuantumFed.Protocol;

/// <summary>
/// A member's word that it replayed the round and got the same model. It names the block of the finalisation too, so that the
/// members' ML-DSA signatures together pin the chain up to there even where the chain's own signatures are worth nothing.
/// </summary>
/// <param name="Plan">Digest of the plan's body.</param>
/// <param name="TranscriptRoot">Merkle root of the transcript.</param>
/// <param name="Model">Digest of the model.</param>
/// <param name="BlockNumber">Number of the block that holds the finalisation.</param>
/// <param name="BlockHash">Hash of that block.</param>
public sealed record Attestation(Digest Plan, Digest TranscriptRoot, Digest Model, ulong BlockNumber, Digest BlockHash) : IRecord<Attestation>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.Attestation;

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) =>
        writer.Digest(Plan).Digest(TranscriptRoot).Digest(Model).UInt64(BlockNumber).Digest(BlockHash);

    /// <inheritdoc/>
    public static Attestation? Read(ref CanonicalReader reader) =>
        new(reader.Digest(), reader.Digest(), reader.Digest(), reader.UInt64(), reader.Digest());
}
