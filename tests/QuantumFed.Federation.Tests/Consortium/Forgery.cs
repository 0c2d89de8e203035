using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>A coordinator that changes a record and signs what it changed, and what a replay must find.</summary>
internal static class Forgery
{
    /// <summary>A transcript changed by the coordinator, which signs and records its new root and model.</summary>
    public static ReplayResult Replay(
        RoundPlay play, RoundTranscript transcript, Func<string, byte[], byte[]?> change, Digest model, bool completed,
        params (string Label, byte[] Data)[] added)
    {
        var forged = new RoundTranscript();
        foreach ((TranscriptEntry entry, byte[] data) in transcript.Objects)
        {
            if (change(entry.Label, data) is { } changed)
                forged.Add(entry.Label, changed);
        }
        foreach ((string label, byte[] data) in added)
            forged.Add(label, data);
        SignedMessage finalization = SignedMessage.Sign(
            new Finalization(play.Context.PlanDigest, Digest.Of(forged.Index.ToArray()), forged.Index.Root, model, MetadataOf(forged)),
            play.Hospitals.Agreement.Coordinator.Id, play.Hospitals.CoordinatorKey);
        play.Record(forged, finalization, completed);
        return play.Replay(finalization);
    }

    /// <summary>What a finalisation names as the metadata of such a transcript.</summary>
    public static Digest MetadataOf(RoundTranscript transcript) =>
        transcript.Index.Entries.FirstOrDefault(entry => entry.Label == TranscriptLabels.Metadata)?.Digest ?? default;

    /// <summary>An outcome of the coordinator's own, and the model it names; without one, only the outcome and the ledger name it.</summary>
    public static ReplayResult Outcome(RoundPlay play, RoundTranscript transcript, Func<RoundOutcome, RoundOutcome> change, byte[]? model)
    {
        byte[] honest = transcript.Objects.Single(item => item.Entry.Label == TranscriptLabels.Outcome).Data;
        Assert.True(SignedMessage.TryParse(honest, out SignedMessage? message));
        Assert.True(message.TryReadUnverified(out RoundOutcome? outcome));
        RoundOutcome changed = change(outcome);
        byte[] signed = SignedMessage.Sign(changed, play.Hospitals.Agreement.Coordinator.Id, play.Hospitals.CoordinatorKey).ToArray();
        return Replay(
            play, transcript, (label, data) => label switch { TranscriptLabels.Outcome => signed, TranscriptLabels.Model => model ?? data, _ => data },
            changed.Model, completed: true);
    }

    public static void AssertFound(string subject, ReplayResult replay) => AssertFound(subject, "", replay);

    public static void AssertFound(string subject, string problem, ReplayResult replay)
    {
        Assert.False(replay.Verified);
        Assert.True(
            replay.Findings.Any(finding => finding.Subject == subject && finding.Problem.Contains(problem, StringComparison.Ordinal)),
            $"expected '{problem}' of '{subject}', found {string.Join("; ", replay.Findings)}");
    }
}
