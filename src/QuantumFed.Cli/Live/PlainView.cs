using System.Globalization;
using Microsoft.Extensions.Logging;
using QuantumFed.Audit;
using QuantumFed.Federation;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>One line for each thing that a reader wants to see, without control characters; the same into a terminal, a file or a pipe.</summary>
internal sealed class PlainView(Action<string> writeLine) : IRunView
{
    /// <inheritdoc/>
    public void Warn(string warning) => Print("warning", warning);

    /// <inheritdoc/>
    public void Begin(DemoData data, WorkspaceLayout layout, ConsortiumAgreement agreement, RunProgress now)
    {
        writeLine($"QuantumFed demo: {data.Title}");
        writeLine("");
        foreach (Learning.HospitalCohort cohort in data.Cohorts)
            Print(cohort.Name, string.Create(CultureInfo.InvariantCulture, $"{cohort.Train.RowCount} training rows, {cohort.Test.RowCount} test rows"));
        Print("committee", $"{agreement.Members.Count} members, any {agreement.Threshold} open a sum together, over at least {agreement.MinParticipants} members");
        Print("workspace", layout.Root);
        Print("processes", $"{agreement.Members.Count + 2}, each started as an operator would: ledger, coordinator, members");
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
    public void Finish(DemoReport report, AuditReport audit, WorkspaceLayout layout, TimeSpan elapsed, ExitCode code)
    {
        writeLine("");
        writeLine($"{"hospital",-12} {"local-only",10} {"federated",10} {"AUC",8}   test accuracy");
        foreach (DemoReport.Member member in report.Members)
            writeLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{member.Name,-12} {member.LocalAccuracy,10:F4} {member.FederatedAccuracy,10:F4} {(member.FederatedAuc is { } auc ? auc.ToString("F4", CultureInfo.InvariantCulture) : "-"),8}"));
        writeLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{"all",-12} {"",10} {report.Federated.Accuracy,10:F4} {report.Federated.Auc,8:F4}   pooled in the clear: {report.Pooled.Accuracy:F4}, AUC {report.Pooled.Auc:F4}")
            + (report.BestAuc is { } best ? string.Create(CultureInfo.InvariantCulture, $", best achievable AUC {best:F4}") : ""));
        writeLine("");
        foreach (RoundVerdict verdict in audit.Rounds.Where(verdict => !verdict.Verified))
            writeLine(AuditText.Line(verdict));
        writeLine(AuditText.Conclusion(audit, rpc: null));
        writeLine($"Report: {layout.Report}");
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

    private void Print(string who, string text) => writeLine($"{who,-12} {NodeEvent.OneLine(text)}");
}
