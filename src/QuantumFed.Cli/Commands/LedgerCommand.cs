using System.CommandLine;
using QuantumFed.Node;

namespace QuantumFed.Cli;

/// <summary><c>qf ledger</c>.</summary>
internal static class LedgerCommand
{
    public static Command Create() => new("ledger", "The consortium's ledger: run a development chain, look at what stands on the ledger, and vote on who belongs to the consortium.")
    {
        Run(),
        LedgerDeployCommand.Create(),
        LedgerStatusCommand.Create(),
        LedgerRoundsCommand.CreateList(),
        LedgerRoundsCommand.CreateOne(),
        LedgerWatchCommand.Create(),
        LedgerMembersCommand.CreateMembers(),
        LedgerMembersCommand.CreateProposals(),
        LedgerProposeCommand.Create(),
        LedgerVoteCommand.CreateVote(),
        LedgerVoteCommand.CreateExecute(),
        LedgerCeremonyCommand.Create(),
        LedgerKeyCommand.Create(),
        LedgerAccountCommand.Create(),
    };

    private static Command Run()
    {
        var run = new Command("run", "Run a development ledger: one anvil node on the loopback address, with the consortium's contracts deployed. "
            + "Its operator could rewrite it; a consortium's own network of validators replaces it in production.");
        var options = new NodeOptions();
        options.AddTo(run);
        options.SetAction(run, (context, cancellation) => LedgerHost.RunAsync(
            context.SettingsPath, Environment.GetEnvironmentVariable("QF_HOME") ?? AppContext.BaseDirectory, context.Events, context.Time, cancellation));
        return run;
    }
}
