using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>What the coordinator knows of the members' quantum links in one round: the seals that updates came under, and the reports that count. Not thread-safe.</summary>
internal sealed class RoundLinks(RoundContext context)
{
    private readonly SortedDictionary<MemberId, SignedMessage> _seals = [];
    private readonly SortedDictionary<MemberId, (SignedMessage Message, RecordedLinkReport Recorded)> _reports = [];

    /// <summary>Members that withhold their updates.</summary>
    public IReadOnlySet<MemberId> Withheld =>
        _reports.Where(pair => pair.Value.Recorded.Outcome == LinkOutcome.Withheld).Select(pair => pair.Key).ToHashSet();

    /// <summary>Takes a report that the ledger has.</summary>
    public bool TryAddReport(RecordedRound ledger, SignedMessage message, [NotNullWhen(false)] out string? failure)
    {
        if (!LinkReportRules.TryOpen(context, ledger, message, out _, out failure))
            return false;
        _reports.TryAdd(message.Signer, (message, ledger.LinkReports[message.Signer]));
        return true;
    }

    /// <summary>Null if the member's update may come under this seal.</summary>
    public string? Refusal(AgreedMember member, Digest commitment, SignedMessage? seal) => Withheld.Contains(member.Id)
        ? $"'{member.Id}' reported on the ledger that it withholds its update of this round."
        : SealRules.Refusal(member, commitment, seal, _reports.TryGetValue(member.Id, out var report) ? report.Recorded : null);

    /// <summary>Keeps the seal of an update that was taken; the first one counts.</summary>
    public void Keep(AgreedMember member, SignedMessage? seal)
    {
        if (member.Link is not null && seal is not null)
            _seals.TryAdd(member.Id, seal);
    }

    /// <summary>Adds what a regulator needs to judge the links: the participants' seals and every report that counts.</summary>
    public void AddTo(RoundTranscript transcript, IEnumerable<MemberId> participants)
    {
        foreach (MemberId member in participants)
        {
            if (_seals.TryGetValue(member, out SignedMessage? seal))
                transcript.Add(TranscriptLabels.Seal(member), seal.ToArray());
        }
        foreach ((MemberId member, (SignedMessage message, _)) in _reports)
            transcript.Add(TranscriptLabels.LinkReport(member), message.ToArray());
    }

    /// <summary>Takes back what <see cref="AddTo"/> wrote; <see langword="false"/> if a participant's seal is missing.</summary>
    public bool TryRestore(RecordedRound ledger, IReadOnlyDictionary<string, SignedMessage> messages, IEnumerable<MemberId> participants)
    {
        foreach (AgreedMember member in context.Agreement.Members)
        {
            if (messages.TryGetValue(TranscriptLabels.LinkReport(member.Id), out SignedMessage? report))
                TryAddReport(ledger, report, out _);
            Keep(member, messages.GetValueOrDefault(TranscriptLabels.Seal(member.Id)));
        }
        return participants.All(member => context.Agreement.Find(member) is { Link: null } || _seals.ContainsKey(member));
    }
}
