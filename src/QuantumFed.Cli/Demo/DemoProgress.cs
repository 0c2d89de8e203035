using System.Globalization;
using Microsoft.Extensions.Logging;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>
/// Follows the parties' events: prints a line for each that a reader wants to see, and gathers per round what the report needs. It believes nothing it
/// prints to be proved: the audit at the end reads only the archive.
/// </summary>
internal sealed class DemoProgress(TextWriter output, DemoScore score, RoundArchive archive)
{
    private readonly Dictionary<(RoundId Round, string Member), long> _bytes = [];
    private readonly Dictionary<RoundId, DemoRound> _finished = [];
    private readonly Dictionary<RoundId, string> _purposes = [];
    private string _step = "before the first round";

    /// <summary>Whether the coordinator said that all rounds are done.</summary>
    public bool Complete { get; private set; }

    /// <summary>What a party's end would interrupt.</summary>
    public string Step => _step;

    /// <summary>TLS as the coordinator's process measured it, from its own handshake with itself.</summary>
    public IReadOnlyDictionary<string, string>? Channel { get; private set; }

    /// <summary>The finished rounds.</summary>
    public IReadOnlyDictionary<RoundId, DemoRound> Finished => _finished;

    /// <summary>Bytes each member uploaded in a round, the mean over members.</summary>
    public double BytesPerMember(RoundId round)
    {
        long[] bytes = [.. _bytes.Where(pair => pair.Key.Round == round).Select(pair => pair.Value)];
        return bytes.Length == 0 ? 0 : bytes.Average();
    }

    /// <summary>Takes one event.</summary>
    public void Show(ChildProcess child, NodeEvent entry)
    {
        RoundId? round = entry.Fields.TryGetValue("round", out string? number) && ulong.TryParse(number, CultureInfo.InvariantCulture, out ulong value)
            ? new RoundId(value)
            : null;
        switch (entry.Name)
        {
            case "Started" or "Ready" or "Listening" or "MemberConnected":
                Print(child.Name, entry.Message);
                break;
            case "ProfileInForce":
                Channel = entry.Fields;
                Print(child.Name, entry.Message);
                break;
            case "RoundOpened" when round is { } opened:
                _step = $"in the middle of round {opened}";
                _purposes[opened] = entry.Fields["purpose"];
                break;
            case "Uploaded" when round is { } uploaded:
                _bytes[(uploaded, child.Name)] = long.Parse(entry.Fields["bytes"], CultureInfo.InvariantCulture);
                break;
            case "RoundFinalized" when round is { } finalized:
                Finish(finalized, entry);
                break;
            case "FederationCompleted" when child.Name == "coordinator":
                Complete = true;
                break;
            case "Disconnected" when _purposes.Count == 0:
                // Members dial until the coordinator answers; before the first round that is no news.
                break;
            default:
                if (entry.Level >= LogLevel.Warning && !Complete)
                    Print(child.Name, entry.Message);
                break;
        }
    }

    private void Finish(RoundId round, NodeEvent entry)
    {
        double seconds = double.Parse(entry.Fields["seconds"], CultureInfo.InvariantCulture);
        var digest = Digest.Parse(entry.Fields["model"]);
        Evaluation? evaluation = archive.Objects.TryRead(digest, out byte[]? bytes) && LogisticModel.TryParse(bytes, out LogisticModel? model)
            ? score.OnAll(model)
            : null;
        _finished[round] = new DemoRound(_purposes.GetValueOrDefault(round, ""), seconds, evaluation?.Accuracy);
        _step = $"after round {round}";
        string result = _purposes.GetValueOrDefault(round) == nameof(RoundPurpose.Moments)
            ? "joint standardisation"
            : string.Create(CultureInfo.InvariantCulture, $"test accuracy {evaluation?.Accuracy:F4}");
        Print("coordinator", string.Create(
            CultureInfo.InvariantCulture,
            $"round {round.Value,2}  {seconds,6:F2} s  {result,-21}  {BytesPerMember(round) / 1024,6:F1} KiB a member  model {AuditText.Short(digest)}"));
    }

    private void Print(string who, string text) => output.WriteLine($"{who,-12} {NodeEvent.OneLine(text)}");
}
