using QuantumFed.Federation;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Audit;

/// <summary>
/// Holds the link reports in the transcript against those on the ledger: none may be invented, and each must be the member's own word under ML-DSA. One that only
/// the ledger has is told of, and is nobody's fault: its member reports there first, and may be cut off before it hands the record in.
/// </summary>
internal sealed class LinkReportAudit(ConsortiumAgreement agreement, RoundRecord record, IObjectSource objects)
{
    private readonly List<AuditFinding> _findings = [];

    /// <summary>What does not hold, by the transcript's label.</summary>
    public IReadOnlyList<AuditFinding> Findings => _findings;

    /// <summary>The reports of a round that has no transcript, ascending by name: only what the ledger says.</summary>
    public IReadOnlyList<AuditedLinkReport> ListRecorded() => List((_, _) => null);

    /// <summary>Judges a round that was opened; ascending by name.</summary>
    /// <param name="end">The signed finalisation, which names the transcript.</param>
    public IReadOnlyList<AuditedLinkReport> Judge(SignedMessage end)
    {
        Dictionary<string, Digest> transcript = ReadTranscript(end);
        IReadOnlyList<AuditedLinkReport> reports = List((member, recorded) => Find(transcript, member, recorded));
        HashSet<string> labels = [.. reports.Select(report => TranscriptLabels.LinkReport(report.Member))];
        foreach (string label in transcript.Keys.Where(label => IsLinkReport(label) && !labels.Contains(label)).Order(StringComparer.Ordinal))
            _findings.Add(new AuditFinding(label, "The transcript has it, the ledger does not."));
        return reports;
    }

    private static bool IsLinkReport(string label) => label.StartsWith(TranscriptLabels.LinkReport(default), StringComparison.Ordinal);

    private AuditedLinkReport[] List(Func<AgreedMember, RoundLinkReport, LinkReport?> find) =>
    [
        .. agreement.Members.Where(member => record.LinkReports.ContainsKey(member.Account)).Select(member =>
        {
            RoundLinkReport recorded = record.LinkReports[member.Account];
            return new AuditedLinkReport(
                member.Id, recorded.Outcome, find(member, recorded), recorded.Step.BlockNumber, recorded.Step.TransactionHash);
        }),
    ];

    // The replay says what is wrong with a finalisation or an index that cannot be read.
    private Dictionary<string, Digest> ReadTranscript(SignedMessage end) =>
        end.TryReadUnverified(out Finalization? finalization) && objects.TryRead(finalization.Transcript, out byte[]? data)
            && TranscriptIndex.TryParse(data, out TranscriptIndex? index) && index.Root == record.TranscriptRoot
            ? index.Entries.ToDictionary(entry => entry.Label, entry => entry.Digest, StringComparer.Ordinal)
            : [];

    private LinkReport? Find(Dictionary<string, Digest> transcript, AgreedMember member, RoundLinkReport recorded)
    {
        string label = TranscriptLabels.LinkReport(member.Id);
        LinkReport? report = null;
        string? problem = null;
        if (!transcript.TryGetValue(label, out Digest digest))
            return null;
        if (!objects.TryRead(digest, out byte[]? data) || !SignedMessage.TryParse(data, out SignedMessage? message))
            problem = $"The object {digest} is missing, altered or no signed message.";
        else if (message.SignatureDigest != recorded.Step.SignatureHash)
            problem = "Its signature is not the one that the ledger's transaction is bound to.";
        else if (message.Signer != member.Id || !message.TryOpen(member.Key, out report) || report.Plan != record.PlanHash)
            problem = "It is not signed by the member for this round's plan.";
        else if (message.BodyDigest != recorded.ReportHash || report.Outcome != recorded.Outcome)
            problem = "It is another report than the ledger records.";
        if (problem is null)
            return report;
        _findings.Add(new AuditFinding(label, problem));
        return null;
    }
}
