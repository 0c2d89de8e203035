using System.CommandLine;
using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary><c>qf ledger deploy</c>.</summary>
internal static class LedgerDeployCommand
{
    public static Command Create()
    {
        var command = new Command("deploy", "Put the consortium's contracts on a network that is running, with the deployer's account (--settings of the ledger's folder, and --rpc URL "
            + "of a node). What is deployed already is only verified, so it may be run again.");
        new LedgerOptions(acts: true).SetAction(command, DeployAsync, verify: false);
        return command;
    }

    private static async Task<ExitCode> DeployAsync(LedgerTarget target, LedgerPrinter printer, ParseResult parsed, CancellationToken cancellation)
    {
        PartyFolder folder = target.RequireParty();
        using LedgerAccount deployer = folder.ReadAccount(target.Agreement.Ledger.Deployer);
        Directory.CreateDirectory(folder.State);
        using TransactionJournal journal = TransactionJournal.Open(Path.Combine(folder.State, "transactions"));
        LedgerDeployment deployed = await LedgerDeployer.DeployAsync(
            target.Client, deployer, LedgerCharter.Of(target.Agreement), cancellation, target.Sending(journal));
        if (deployed != target.Deployment)
            throw new LedgerMismatchException($"The contracts were deployed at {deployed.Rounds} on chain {deployed.ChainId}; the agreement says {target.Deployment.Rounds} on chain {target.Deployment.ChainId}.");
        printer.Print(
            $"Contracts in place and verified: registry {deployed.Registry}, rounds {deployed.Rounds}, on chain {deployed.ChainId}.",
            new { deployed.ChainId, Registry = deployed.Registry.ToString(), Rounds = deployed.Rounds.ToString() });
        return ExitCode.Success;
    }
}
