using System.Text;
using QuantumFed.Audit;
using QuantumFed.Federation;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Report;

namespace QuantumFed.Cli;

/// <summary>The demo from data to audited result.</summary>
internal static class DemoRunner
{
    /// <summary>Runs it.</summary>
    public static async Task<ExitCode> RunAsync(DemoOptions options, IRunView view, TimeProvider time, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        DateTimeOffset startedAt = time.GetUtcNow();
        Transport.OpenSslVersion.RequirePostQuantum();
        CohortData data = CohortData.Load(options.Data, view.Warn, cancellation);
        LearningTask task = TaskBuilder.Build(data, options.Training, options.Data.Seed);
        if (options.Trainer is not null && (task.Averaging is null || task.Method == TrainingMethod.Scaffold))
            throw new UsageException("--trainer does not go with newton or scaffold; add --algorithm fedavg, fedprox, fedadam or fedyogi.");
        cancellation.ThrowIfCancellationRequested();
        using DemoWorkspace workspace = DemoWorkspace.Claim(options.Folder);
        WorkspaceLayout layout = workspace.Layout;
        string[] names = [.. data.Cohorts.Select(cohort => cohort.Name)];
        IReadOnlyList<int> ports = DemoNetwork.FreePorts(2 + DemoLinks.PortsFor(options.Links, names.Length));
        WorkspaceLinks? links = DemoLinks.Of(options.Links, names, [.. ports.Skip(2)]);
        ConsortiumAgreement agreement = WorkspaceFactory.Create(
            layout,
            new WorkspaceRequest(
                "QuantumFed demo consortium", data.Cohorts, task, ports[0], ports[1], options.CommitTime, options.Data.Seed, options.Trainer, links),
            time);
        if (data.Table is { } table)
            DurableFile.Write(layout.Recipe, table.Recipe.ToJson());
        RunProgress start = RunProgress.Begin(startedAt, RoundTask.RoundCount(task), agreement.Members.Select(member => member.Id.Name));
        view.Begin(data, layout, agreement, start);

        var score = new CohortScore(data.Cohorts, task, options.Data.Seed);
        var progress = new DemoProgress(view, score, new RoundArchive(layout.Archive), start);
        await using (var network = new DemoNetwork())
        {
            await StartAsync(network, layout, agreement, links is not null, view, progress, cancellation);
            while (!progress.Now.Complete)
            {
                (ChildProcess child, NodeEvent entry) = await network.NextAsync(() => progress.Now.Moment, cancellation);
                progress.Take(child, entry);
            }
            if (options.Keep)
                await KeepAsync(network, view, cancellation);
            await network.StopAsync();
        }

        AuditReport audit = ConsortiumAuditor.Run(AuditCommand.SourceOf(layout), verdict =>
        {
            StopIfInterrupted(options, cancellation);
            view.Audited(verdict);
        });
        StopIfInterrupted(options, cancellation);
        view.Tell("training the models to compare with: pooled, and each hospital alone");
        RunReport report = new RunReportBuilder(
            options, data, agreement, score, new RoundArchive(layout.Archive), options.Keep ? CancellationToken.None : cancellation)
            .Build(progress.Now, audit, time.GetUtcNow(), time.GetElapsedTime(started));
        report.Write(layout.Report);
        ReportFile.Write(layout.Page, Encoding.UTF8.GetBytes(ReportPage.Render(report)));
        await view.CloseAsync();
        ExitCode code = audit.Verified ? ExitCode.Success : ExitCode.AuditFailed;
        view.Finish(report, audit, layout, time.GetElapsedTime(started), code);
        return code;
    }

    // Ctrl-C is how keeping ends; what it asks for then is the audit and the report.
    private static void StopIfInterrupted(DemoOptions options, CancellationToken cancellation)
    {
        if (!options.Keep)
            cancellation.ThrowIfCancellationRequested();
    }

    private static async Task StartAsync(
        DemoNetwork network, WorkspaceLayout layout, ConsortiumAgreement agreement, bool linked, IRunView view, DemoProgress progress,
        CancellationToken cancellation)
    {
        ChildProcess Start(string name, string role, string folder)
        {
            ChildProcess child = network.Start(name, role, folder);
            view.PartyStarted(name, child.Id);
            return child;
        }

        ChildProcess ledger = Start("ledger", "ledger", layout.Ledger);
        await network.AwaitAsync(ledger, "Ready", progress.Take, cancellation);
        ChildProcess coordinator = Start("coordinator", "coordinator", layout.Coordinator);
        if (linked)
            await StartLinksAsync(network, layout, agreement, view, progress, cancellation);
        // Members start while the coordinator does: they dial until it answers, and their start is the longest.
        foreach (AgreedMember member in agreement.Members)
            Start(member.Id.Name, "member", layout.Member(member.Id));
        if (!linked)
            await network.AwaitAsync(coordinator, "Listening", progress.Take, cancellation);
    }

    // Members start once every link has told whether it gives keys: a policy that does not wait would otherwise judge a link that has not begun.
    private static async Task StartLinksAsync(
        DemoNetwork network, WorkspaceLayout layout, ConsortiumAgreement agreement, IRunView view, DemoProgress progress, CancellationToken cancellation)
    {
        view.Tell("starting the quantum links (SIMULATED): BB84 over a fibre between each member and the coordinator");
        foreach (AgreedMember member in agreement.Members)
        {
            string party = DemoLinks.PartyOf(member.Id.Name);
            ChildProcess child = network.Start(party, ["qkd", "run", "--link", Path.Combine(layout.Link(member.Id), LinkFounder.SettingsName)]);
            view.PartyStarted(party, child.Id);
        }
        while (!agreement.Members.All(member => progress.Now.Links.GetValueOrDefault(member.Id.Name, LinkProgress.New).IsTold))
        {
            (ChildProcess child, NodeEvent entry) = await network.NextAsync(() => "while the quantum links were starting", cancellation);
            progress.Take(child, entry);
        }
    }

    private static async Task KeepAsync(DemoNetwork network, IRunView view, CancellationToken cancellation)
    {
        view.Keep();
        try
        {
            await network.AnyExitAsync("while the network was kept", cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how keeping ends; what follows is quick.
        }
    }
}
