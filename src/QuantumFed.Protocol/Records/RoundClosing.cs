namespace QuantumFed.Protocol;

/// <summary>The set whose sum is to be opened. Its digest is what <c>closeRound</c> records, together with the set itself.</summary>
/// <param name="Plan">Digest of the plan's body.</param>
/// <param name="Participants">The set, ascending by name.</param>
/// <param name="Exclusions">Those who committed and are not in it, ascending by name.</param>
/// <param name="ShareReports">Digests of the signed share reports that the exclusions follow from, ascending by receiver.</param>
public sealed record RoundClosing(
    Digest Plan, IReadOnlyList<MemberId> Participants, IReadOnlyList<Exclusion> Exclusions, IReadOnlyList<Digest> ShareReports)
    : IRecord<RoundClosing>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.RoundClosing;

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) => writer
        .Digest(Plan)
        .List(Participants, (w, member) => w.Member(member))
        .List(Exclusions, (w, exclusion) => w.Member(exclusion.Member).Byte((byte)exclusion.Reason))
        .List(ShareReports, (w, report) => w.Digest(report));

    /// <inheritdoc/>
    public static RoundClosing? Read(ref CanonicalReader reader)
    {
        Digest plan = reader.Digest();
        var participants = new MemberId[reader.Count(5)];
        for (int i = 0; i < participants.Length; i++)
        {
            participants[i] = reader.Member();
            reader.Require(i == 0 || participants[i] > participants[i - 1]);
        }
        var exclusions = new Exclusion[reader.Count(6)];
        for (int i = 0; i < exclusions.Length; i++)
        {
            exclusions[i] = new Exclusion(reader.Member(), (ExclusionReason)reader.Byte());
            reader.Require(Enum.IsDefined(exclusions[i].Reason) && (i == 0 || exclusions[i].Member > exclusions[i - 1].Member));
        }
        var reports = new Digest[reader.Count(Digest.SizeInBytes)];
        for (int i = 0; i < reports.Length; i++)
            reports[i] = reader.Digest();
        return new RoundClosing(plan, participants, exclusions, reports);
    }
}
