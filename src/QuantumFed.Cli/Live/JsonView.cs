using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using QuantumFed.Audit;
using QuantumFed.Federation;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Report;

namespace QuantumFed.Cli;

/// <summary>
/// One JSON object a line, each with <c>event</c> and <c>time</c>; docs/operations.md lists them. What a party tells is passed on with its name. Errors are
/// said on standard error too.
/// </summary>
internal sealed class JsonView(TextWriter output, TextWriter errors, TimeProvider time) : IRunView
{
    // Nothing here is put into a web page, so a plus or an apostrophe need not be escaped; control characters are.
    private static readonly JsonSerializerOptions Options =
        new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private RunProgress? _now;

    /// <inheritdoc/>
    public void Warn(string warning) => Write("Warning", new { Message = warning });

    /// <inheritdoc/>
    public void Tell(string text) => Write("Progress", new { Message = text });

    /// <inheritdoc/>
    public void Begin(CohortData data, WorkspaceLayout layout, ConsortiumAgreement agreement, RunProgress now) => Write("DemoStarted", new
    {
        data.Title,
        Members = data.Cohorts.Select(cohort => new { cohort.Name, TrainRows = cohort.Train.RowCount, TestRows = cohort.Test.RowCount }),
        Rounds = now.PlannedRounds,
        agreement.Threshold,
        agreement.MinParticipants,
        Workspace = layout.Root,
    });

    /// <inheritdoc/>
    public void PartyStarted(string party, int processId) => Write("PartyStarted", new { Party = party, ProcessId = processId });

    /// <inheritdoc/>
    public void Show(string party, NodeEvent entry, RunProgress now)
    {
        _now = now;
        Write(entry.Name, new { Party = party, Level = (int)entry.Level, entry.Message, entry.Fields }, entry.Time);
        if (entry.Level >= LogLevel.Error)
            errors.WriteLine($"qf: {party}: {NodeEvent.OneLine(entry.Message)}");
        // Its steps' durations are the last that is told of a round.
        if (entry.Name == "RoundTimed" && RunProgress.RoundOf(entry) is { } round && now.Rounds.TryGetValue(round, out RoundProgress? known)
            && known.State == RoundState.Finalised)
            Write("RoundFinished", Of(known, now.Members.Count));
    }

    /// <inheritdoc/>
    public void Keep() => Write("Kept", new { Message = "The network stays up until it is interrupted." });

    /// <inheritdoc/>
    public void Audited(RoundVerdict verdict) => Write("RoundAudited", new
    {
        Round = verdict.Round.Value,
        verdict.Verified,
        ModelHash = verdict.Model.ToString(),
        Findings = verdict.Findings.Select(finding => new { finding.Subject, finding.Problem }),
    });

    /// <inheritdoc/>
    public Task CloseAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public void Finish(RunReport report, AuditReport audit, WorkspaceLayout layout, TimeSpan elapsed, ExitCode code)
    {
        Write("AuditFinished", new
        {
            audit.Verified,
            audit.RoundsVerified,
            audit.Blocks,
            Findings = audit.AllFindings.Select(finding => new { finding.Subject, finding.Problem }),
        });
        Write("ReportWritten", new { Path = layout.Report, Page = layout.Page });
        if (code == ExitCode.Success)
        {
            Write("Completed", new { ExitCode = (int)code, Seconds = elapsed.TotalSeconds, report.Federated?.Accuracy, report.Federated?.Auc });
            return;
        }
        string message = $"The audit does not hold: {audit.AllFindings.Count()} findings.";
        errors.WriteLine($"qf: {message}");
        Fail(code, message);
    }

    /// <inheritdoc/>
    public void Fail(ExitCode code, string message) =>
        Write("Failed", new { ExitCode = (int)code, Message = message, Moment = _now?.Moment ?? "before the first round" });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static object Of(RoundProgress round, int members) => new
    {
        Round = round.Round.Value,
        round.Purpose,
        round.Accuracy,
        round.Seconds,
        round.ElapsedSeconds,
        round.Participants,
        round.BytesPerMember,
        Model = round.Model?.ToString(),
        StepSeconds = round.StepSeconds.ToDictionary(step => JsonNamingPolicy.CamelCase.ConvertName(step.Key.ToString()), step => step.Value),
        MeanBytes = Enum.GetValues<TrafficKind>().ToDictionary(
            kind => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()),
            kind =>
            {
                (double from, double to) = round.MeanBytes(kind, members);
                return new { FromMember = from, ToMember = to };
            }),
    };

    private void Write(string name, object fields, DateTimeOffset? at = null)
    {
        var line = new JsonObject { ["event"] = name, ["time"] = JsonSerializer.SerializeToNode(at ?? time.GetUtcNow()) };
        foreach ((string key, JsonNode? value) in JsonSerializer.SerializeToNode(fields, Options)!.AsObject())
            line[key] = value?.DeepClone();
        output.WriteLine(line.ToJsonString(Options));
        output.Flush();
    }
}
