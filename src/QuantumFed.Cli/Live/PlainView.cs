using System.Globalization;
using Microsoft.Extensions.Logging;
using QuantumFed.Audit;
using QuantumFed.Federation;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Report;
using QuantumFed.Tables;

namespace QuantumFed.Cli;

/// <summary>One line for each thing that a reader wants to see, without control characters; the same into a terminal, a file or a pipe.</summary>
internal sealed class PlainView(Action<string> writeLine) : IRunView
{
    /// <inheritdoc/>
    public void Warn(string warning) => Print("warning", warning);

    /// <inheritdoc/>
    public void Tell(string text) => Print("demo", text);

    /// <inheritdoc/>
    public void Begin(CohortData data, WorkspaceLayout layout, ConsortiumAgreement agreement, RunProgress now)
    {
        writeLine($"QuantumFed demo: {data.Title}");
        writeLine($"{agreement.Task.Method.ToString().ToLowerInvariant()}, {TaskTerms.ShapeOf(agreement.Task)}, {data.ClassNames.Count} classes");
        writeLine("");
        foreach (ColumnSummary column in data.Table?.Columns ?? [])
            Print("column", $"{column.Name}: {column.Description}");
        foreach (string note in data.Table?.Notes ?? [])
            Print("note", note);
        foreach (Learning.HospitalCohort cohort in data.Cohorts)
            Print(cohort.Name, string.Create(CultureInfo.InvariantCulture, $"{cohort.Train.RowCount} training rows, {cohort.Test.RowCount} test rows"));
        Print("committee", $"{agreement.Members.Count} members, any {agreement.Threshold} open a sum together, over at least {agreement.MinParticipants} members");
        Print("workspace", layout.Root);
        int links = agreement.Members.Count(member => member.Link is not null);
        Print("processes", $"{agreement.Members.Count + links + 2}, each started as an operator would: ledger, coordinator, members" + (links > 0 ? ", quantum links" : ""));
        if (agreement.Members.FirstOrDefault(member => member.Link is not null) is { } linked)
            Print("policy", $"{linked.Link}: what a member does when its quantum link gives no key");
        writeLine("");
    }

    /// <inheritdoc/>
    public void PartyStarted(string party, int processId)
    {
        // The party tells itself when it is there.
    }

    /// <inheritdoc/>
    public void Show(string party, NodeEvent entry, RunProgress now)
    {
        switch (entry.Name)
        {
            case "Started" or "Ready" or "Listening" or "MemberConnected" or "ProfileInForce":
                Print(party, entry.Message);
                break;
            case "RoundFinalized" when RunProgress.RoundOf(entry) is { } round && now.Rounds.TryGetValue(round, out RoundProgress? finished):
                Print(party, LineOf(finished));
                break;
            case "BlockDistilled" when DemoLinks.MemberOf(party) is { } member && now.Links.GetValueOrDefault(member) is { BlocksDelivered: 1 }
                && entry.Fields.GetValueOrDefault("role") == nameof(Qkd.LinkRole.Transmitter):
                Print(party, entry.Message);
                break;
            case "AlarmRaised" when entry.Fields.GetValueOrDefault("role") != nameof(Qkd.LinkRole.Transmitter):
                // The other end said so.
                break;
            case "Disconnected" when now.Rounds.Values.All(round => round.Purpose.Length == 0):
                // Members dial until the coordinator answers; before the first round that is no news.
                break;
            default:
                if (entry.Level >= LogLevel.Warning && !now.Complete)
                    Print(party, entry.Message);
                break;
        }
    }

    /// <inheritdoc/>
    public void Keep()
    {
        writeLine("");
        writeLine("The network stays up. Press Ctrl-C to stop it, audit it and write the report.");
    }

    /// <inheritdoc/>
    public void Audited(RoundVerdict verdict)
    {
        // What does not hold is listed with the result.
    }

    /// <inheritdoc/>
    public Task CloseAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public void Finish(RunReport report, AuditReport audit, WorkspaceLayout layout, TimeSpan elapsed, ExitCode code)
    {
        writeLine("");
        writeLine($"{"hospital",-12} {"local-only",10} {"federated",10} {"AUC",8}   test accuracy");
        foreach (ReportMember member in report.Members)
            writeLine($"{member.Name,-12} {Figure(member.LocalAccuracy),10} {Figure(member.FederatedAccuracy),10} {Figure(member.FederatedAuc),8}");
        writeLine($"{"all",-12} {Figure(report.Local?.Accuracy),10} {Figure(report.Federated?.Accuracy),10} {Figure(report.Federated?.Auc),8}   "
            + $"pooled in the clear: {Figure(report.Pooled?.Accuracy)}, AUC {Figure(report.Pooled?.Auc)}"
            + (report.BestAuc is { } best ? $", best achievable AUC {Figure(best)}" : ""));
        writeLine("");
        foreach (RoundVerdict verdict in audit.Rounds.Where(verdict => !verdict.Verified))
            writeLine(AuditText.Line(verdict));
        writeLine(AuditText.Conclusion(audit, live: false));
        writeLine($"Report: {layout.Page}, and for programs {layout.Report}");
        writeLine($"Again, offline: ./qf audit verify --workspace {layout.Root}");
        writeLine(string.Create(CultureInfo.InvariantCulture, $"Done in {elapsed.TotalSeconds:F1} s."));
    }

    /// <inheritdoc/>
    public void Fail(ExitCode code, string message)
    {
        // Standard error says it.
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string LineOf(RoundProgress round)
    {
        string result = round.Purpose == nameof(RoundPurpose.Moments)
            ? "joint standardisation"
            : string.Create(CultureInfo.InvariantCulture, $"test accuracy {round.Accuracy:F4}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"round {round.Round.Value,2}  {round.Seconds,6:F2} s  {result,-21}  {round.BytesPerMember / 1024,6:F1} KiB a member  model {(round.Model is { } model ? AuditText.Short(model) : "")}");
    }

    private static string Figure(double? value) => value is { } known ? known.ToString("F4", CultureInfo.InvariantCulture) : "-";

    private void Print(string who, string text) => writeLine($"{who,-12} {NodeEvent.OneLine(text)}");
}
