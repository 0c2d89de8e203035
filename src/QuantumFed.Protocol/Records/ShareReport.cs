namespace QuantumFed.Protocol;

/// <summary>A committee member's findings on all shares dealt to it in a round, made once commitments were frozen.</summary>
/// <param name="Plan">Digest of the plan's body.</param>
/// <param name="Challenge">The challenge that the check values answer.</param>
/// <param name="Receiver">The committee member's point.</param>
/// <param name="Findings">One for each dealer whose update was delivered, ascending by name.</param>
public sealed record ShareReport(Digest Plan, Digest Challenge, ushort Receiver, IReadOnlyList<ShareFinding> Findings) : IRecord<ShareReport>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.ShareReport;

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) => writer
        .Digest(Plan).Digest(Challenge).UInt16(Receiver)
        .List(Findings, (w, finding) => w.Member(finding.Dealer).Byte((byte)finding.Verdict).Bytes(finding.Check.Span));

    /// <inheritdoc/>
    public static ShareReport? Read(ref CanonicalReader reader)
    {
        (Digest plan, Digest challenge, ushort receiver) = (reader.Digest(), reader.Digest(), reader.UInt16());
        var findings = new ShareFinding[reader.Count(4 + 1 + 1 + 4)];
        for (int i = 0; i < findings.Length; i++)
        {
            findings[i] = new ShareFinding(reader.Member(), (ShareVerdict)reader.Byte(), reader.Bytes());
            reader.Require(Enum.IsDefined(findings[i].Verdict) && (i == 0 || findings[i].Dealer > findings[i - 1].Dealer));
        }
        return new ShareReport(plan, challenge, receiver, findings);
    }
}
