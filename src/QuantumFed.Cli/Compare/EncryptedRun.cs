using System.Globalization;
using QuantumFed.Audit;
using QuantumFed.Federation;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>The encrypted federation over the network, as the demo runs it, with its audit.</summary>
internal static class EncryptedRun
{
    /// <summary>Runs it in a founded workspace.</summary>
    public static async Task<NetworkTiming> RunAsync(
        WorkspaceLayout layout, ConsortiumAgreement agreement, Action<string> tell, TimeProvider time, CancellationToken cancellation)
    {
        RunProgress progress = RunProgress.Begin(time.GetUtcNow(), RoundTask.RoundCount(agreement.Task), agreement.Members.Select(member => member.Id.Name));
        void Take(ChildProcess child, NodeEvent entry)
        {
            progress = progress.Take(child.Name, entry);
            if (entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error)
                tell($"{child.Name}: {entry.Message}");
            if (entry.Name == "RoundFinalized" && RunProgress.RoundOf(entry) is { } round)
                tell(string.Create(
                    CultureInfo.InvariantCulture, $"encrypted: round {round.Value + 1} of {progress.PlannedRounds}, {progress.Rounds[round].Seconds:F2} s"));
        }

        await using (var network = new DemoNetwork())
        {
            ChildProcess ledger = network.Start("ledger", "ledger", layout.Ledger);
            await network.AwaitAsync(ledger, "Ready", Take, cancellation);
            network.Start("coordinator", "coordinator", layout.Coordinator);
            foreach (AgreedMember member in agreement.Members)
                network.Start(member.Id.Name, "member", layout.Member(member.Id));
            while (!progress.Complete)
            {
                (ChildProcess child, NodeEvent entry) = await network.NextAsync(() => progress.Moment, cancellation);
                Take(child, entry);
            }
            await network.StopAsync();
        }
        tell("auditing the encrypted run");
        AuditReport audit = ConsortiumAuditor.Run(AuditCommand.SourceOf(layout));
        if (audit.Model is not { } model)
            throw new AuditFailedException($"The encrypted run does not replay: {audit.AllFindings.First().Subject}: {audit.AllFindings.First().Problem}");
        RoundProgress[] rounds = [.. progress.Rounds.Values.Where(round => round.State == RoundState.Finalised)];
        double bytes = rounds.Skip(1).Sum(round => Enum.GetValues<TrafficKind>().Sum(kind =>
        {
            (double from, double to) = round.MeanBytes(kind, agreement.Members.Count);
            return from + to;
        }));
        return new NetworkTiming(model, NetworkTiming.Between([.. rounds.Select(round => round.ElapsedSeconds!.Value)]), bytes, audit.Verified);
    }
}
