using System.CommandLine;

namespace QuantumFed.Cli;

/// <summary><c>qf ledger watch</c>.</summary>
internal static class LedgerWatchCommand
{
    public static Command Create()
    {
        Option<ulong?> from = LedgerInput.Optional("--from", "The first block whose events are told. Default: what comes from now on.", "BLOCK");
        var command = new Command("watch", "Follow the ledger: a line for each event of a round, a proposal or a ceremony as it comes, and where blocks were replaced. "
            + "With --json, one object a line. Waits while the node is away. Ends with Ctrl-C, or when nobody reads the output any more; with exit code 6 if the chain is exchanged.")
        {
            from,
        };
        new LedgerOptions(waits: true).SetAction(
            command,
            async (target, printer, parsed, cancellation) =>
            {
                try
                {
                    await target.VerifyAsync(cancellation);
                    LedgerWatch watch = await LedgerWatch.StartAsync(target, printer, parsed.GetValue(from), cancellation);
                    await watch.RunAsync(cancellation);
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    // That is how watching ends.
                }
                return ExitCode.Success;
            },
            verify: false);
        return command;
    }
}
