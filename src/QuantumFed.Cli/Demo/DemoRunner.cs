using System.Globalization;
using QuantumFed.Audit;
using QuantumFed.Federation;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>The demo from data to audited result.</summary>
internal static class DemoRunner
{
    /// <summary>Runs it.</summary>
    public static async Task<ExitCode> RunAsync(DemoOptions options, TextWriter output, TimeProvider time, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        Transport.OpenSslVersion.RequirePostQuantum();
        DemoData data = DemoData.Load(options, warning => output.WriteLine($"{"warning",-12} {warning}"));
        WorkspaceLayout layout = DemoWorkspace.Claim(options.Folder);
        var task = new LearningTask(
            data.Title, options.Method, [.. data.Cohorts[0].Train.FeatureNames], options.Standardise, Learning.NewtonStep.DefaultL2, options.Rounds);
        (int ledgerPort, int coordinatorPort) = DemoNetwork.FreePorts();
        ConsortiumAgreement agreement = WorkspaceFactory.Create(
            layout, new WorkspaceRequest("QuantumFed demo consortium", data.Cohorts, task, ledgerPort, coordinatorPort), time);
        PrintHeader(output, data, layout, agreement);

        var score = new DemoScore(data.Cohorts);
        var progress = new DemoProgress(output, score, new RoundArchive(layout.Archive));
        await using (var network = new DemoNetwork())
        {
            await StartAsync(network, layout, agreement, progress, cancellation);
            while (!progress.Complete)
            {
                (ChildProcess child, NodeEvent entry) = await network.NextAsync(() => progress.Step, cancellation);
                progress.Show(child, entry);
            }
            if (options.Keep)
                await KeepAsync(network, output, cancellation);
            await network.StopAsync();
        }

        AuditReport audit = ConsortiumAuditor.Run(AuditCommand.SourceOf(layout));
        DemoReport report = DemoReportBuilder.Build(options, data, agreement, score, progress, audit);
        report.Write(layout.Report);
        PrintResult(output, report, audit, layout, time.GetElapsedTime(started));
        return audit.Verified ? ExitCode.Success : ExitCode.AuditFailed;
    }

    private static async Task StartAsync(
        DemoNetwork network, WorkspaceLayout layout, ConsortiumAgreement agreement, DemoProgress progress, CancellationToken cancellation)
    {
        ChildProcess ledger = network.Start("ledger", "ledger", layout.Ledger);
        await network.AwaitAsync(ledger, "Ready", progress.Show, cancellation);
        ChildProcess coordinator = network.Start("coordinator", "coordinator", layout.Coordinator);
        // Members start while the coordinator does: they dial until it answers, and their start is the longest.
        foreach (AgreedMember member in agreement.Members)
            network.Start(member.Id.Name, "member", layout.Member(member.Id));
        await network.AwaitAsync(coordinator, "Listening", progress.Show, cancellation);
    }

    private static async Task KeepAsync(DemoNetwork network, TextWriter output, CancellationToken cancellation)
    {
        output.WriteLine();
        output.WriteLine("The network stays up. Press Ctrl-C to stop it, audit it and write the report.");
        try
        {
            await network.AnyExitAsync("while the network was kept", cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how keeping ends; what follows is quick.
        }
    }

    private static void PrintHeader(TextWriter output, DemoData data, WorkspaceLayout layout, ConsortiumAgreement agreement)
    {
        output.WriteLine($"QuantumFed demo: {data.Title}");
        output.WriteLine();
        foreach (Learning.HospitalCohort cohort in data.Cohorts)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cohort.Name,-12} {cohort.Train.RowCount} training rows, {cohort.Test.RowCount} test rows"));
        output.WriteLine($"{"committee",-12} {agreement.Members.Count} members, any {agreement.Threshold} open a sum together, over at least {agreement.MinParticipants} members");
        output.WriteLine($"{"workspace",-12} {layout.Root}");
        output.WriteLine($"{"processes",-12} {agreement.Members.Count + 2}, each started as an operator would: ledger, coordinator, members");
        output.WriteLine();
    }

    private static void PrintResult(TextWriter output, DemoReport report, AuditReport audit, WorkspaceLayout layout, TimeSpan elapsed)
    {
        output.WriteLine();
        output.WriteLine($"{"hospital",-12} {"local-only",10} {"federated",10} {"AUC",8}   test accuracy");
        foreach (DemoReport.Member member in report.Members)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{member.Name,-12} {member.LocalAccuracy,10:F4} {member.FederatedAccuracy,10:F4} {(member.FederatedAuc is { } auc ? auc.ToString("F4", CultureInfo.InvariantCulture) : "-"),8}"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{"all",-12} {"",10} {report.Federated.Accuracy,10:F4} {report.Federated.Auc,8:F4}   pooled in the clear: {report.Pooled.Accuracy:F4}, AUC {report.Pooled.Auc:F4}")
            + (report.BestAuc is { } best ? string.Create(CultureInfo.InvariantCulture, $", best achievable AUC {best:F4}") : ""));
        output.WriteLine();
        foreach (RoundVerdict verdict in audit.Rounds.Where(verdict => !verdict.Verified))
            output.WriteLine(AuditText.Line(verdict));
        output.WriteLine(AuditText.Conclusion(audit, rpc: null));
        output.WriteLine($"Report: {layout.Report}");
        output.WriteLine($"Again, offline: ./qf audit verify --workspace {layout.Root}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Done in {elapsed.TotalSeconds:F1} s."));
    }
}
