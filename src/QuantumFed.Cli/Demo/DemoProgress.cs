using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>
/// Follows the parties' events, scores the model of each finished round, and hands both to the view. It believes nothing it shows to be proved: the audit at
/// the end reads only the archive.
/// </summary>
internal sealed class DemoProgress(IRunView view, CohortScore score, RoundArchive archive, RunProgress start)
{
    /// <summary>The run as it stands.</summary>
    public RunProgress Now { get; private set; } = start;

    /// <summary>Takes one event.</summary>
    public void Take(ChildProcess child, NodeEvent entry)
    {
        Now = Now.Take(child.Name, entry);
        if (entry.Name == "RoundFinalized" && RunProgress.RoundOf(entry) is { } round && Now.Rounds.GetValueOrDefault(round)?.Model is { } model)
            Now = Now.Scored(round, AccuracyOf(model));
        view.Show(child.Name, entry, Now);
    }

    private double? AccuracyOf(Digest digest) =>
        archive.Objects.TryRead(digest, out byte[]? bytes) && ModelState.TryParse(bytes, out ModelState? model) ? score.OnAll(model).Accuracy : null;
}
