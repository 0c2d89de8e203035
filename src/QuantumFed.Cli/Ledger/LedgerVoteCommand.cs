using System.CommandLine;
using QuantumFed.Ledger;
using QuantumFed.Node;

namespace QuantumFed.Cli;

/// <summary><c>qf ledger vote</c> and <c>qf ledger execute</c>.</summary>
internal static class LedgerVoteCommand
{
    public static Command CreateVote()
    {
        Argument<ulong> number = Number();
        var yes = new Option<bool>("--yes") { Description = "Vote for it." };
        var no = new Option<bool>("--no") { Description = "Vote against it." };
        var command = new Command("vote", "Vote on a proposal, once, with your record key. It is executed if the votes are now enough. Look at it first: qf ledger proposals.")
        {
            number, yes, no,
        };
        SetAction(command, async (voting, printer, parsed, cancellation) =>
        {
            if (parsed.GetValue(yes) == parsed.GetValue(no))
                throw new UsageException("Say how you vote: --yes or --no.");
            ulong proposal = parsed.GetRequiredValue(number);
            bool support = parsed.GetValue(yes);
            await voting.VoteAsync(proposal, support, cancellation);
            bool carried = support && await voting.TryExecuteAsync(proposal, cancellation);
            printer.Print(
                $"Voted {(support ? "for" : "against")} proposal {proposal}. " + (carried ? "Its votes are enough, and it is executed." : "It is not carried yet."),
                new { Number = proposal, Support = support, Executed = carried });
            return ExitCode.Success;
        });
        return command;
    }

    public static Command CreateExecute()
    {
        Argument<ulong> number = Number();
        var command = new Command("execute", "Execute a proposal whose votes are enough. Exit code 6 if they are not.") { number };
        SetAction(command, async (voting, printer, parsed, cancellation) =>
        {
            ulong proposal = parsed.GetRequiredValue(number);
            bool carried = await voting.TryExecuteAsync(proposal, cancellation);
            printer.Print(
                carried ? $"Proposal {proposal} is executed." : $"Proposal {proposal} does not have the votes: see qf ledger proposals.",
                new { Number = proposal, Executed = carried });
            return carried ? ExitCode.Success : ExitCode.Unreachable;
        });
        return command;
    }

    private static Argument<ulong> Number() => LedgerInput.Argument("PROPOSAL", "The proposal's number, as qf ledger proposals shows it.");

    private static void SetAction(Command command, Func<RegistryVoting, LedgerPrinter, ParseResult, CancellationToken, Task<ExitCode>> run) =>
        new LedgerOptions(acts: true).SetAction(command, async (target, printer, parsed, cancellation) =>
        {
            PartyFolder folder = target.RequireParty();
            using LedgerAccount account = target.OpenAccount();
            using RegistryVoting voting = RegistryVoting.Create(target.Agreement, target.Client, folder, account, TimeProvider.System, target.Confirmations);
            return await run(voting, printer, parsed, cancellation);
        });
}
