using System.CommandLine;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary><c>qf ledger rounds</c> and <c>qf ledger round R</c>.</summary>
internal static class LedgerRoundsCommand
{
    private const int DefaultLast = 20;

    public static Command CreateList()
    {
        Option<int> last = NumberOption.Whole("--last", "How many rounds, the newest last.", DefaultLast, 1, 1_000_000);
        var command = new Command("rounds", "The rounds on the ledger, as a table.") { last };
        new LedgerOptions().SetAction(command, async (target, printer, parsed, cancellation) =>
        {
            ulong next = await target.Rounds.NextRoundAsync(cancellation);
            ulong count = Math.Min(next, (ulong)parsed.GetValue(last));
            var rounds = new List<RoundRecord>();
            for (ulong round = next - count; round < next; round++)
                rounds.Add(await ReadAsync(target, round, cancellation));
            printer.Print(
                rounds.Count == 0 ? "The ledger has no rounds yet." : TextTable.Of(
                    ["round", "phase", "registry", "committed", "in the sum", "attested", "disputes", "model", "opened in block"],
                    rounds.Select(record => (IReadOnlyList<string>)
                    [
                        record.Round.ToString(), record.Phase.ToString().ToLowerInvariant(), $"{record.RegistryVersion}", $"{record.Commitments.Count}",
                        $"{record.Participants.Length}", $"{record.Attestations.Count}", $"{record.Disputes.Length}",
                        record.ModelHash.IsZero ? "-" : AuditText.Short(record.ModelHash), $"{record.Opened.BlockNumber}",
                    ])),
                rounds.Select(record => RoundText.Summary(target, record)));
            return ExitCode.Success;
        });
        return command;
    }

    public static Command CreateOne()
    {
        Argument<ulong> number = LedgerInput.Argument("ROUND", "The round's number, from 0.");
        var command = new Command("round", "All that the ledger says of one round.") { number };
        new LedgerOptions().SetAction(command, async (target, printer, parsed, cancellation) =>
        {
            ulong next = await target.Rounds.NextRoundAsync(cancellation), round = parsed.GetRequiredValue(number);
            if (round >= next)
                throw new UsageException(next == 0 ? "The ledger has no rounds yet." : $"The ledger has no round {round}: the last is {next - 1}.");
            RoundRecord record = await ReadAsync(target, round, cancellation);
            printer.Print(RoundText.Of(target, record), RoundText.Summary(target, record));
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<RoundRecord> ReadAsync(LedgerTarget target, ulong round, CancellationToken cancellation) =>
        await target.Rounds.ReadRoundAsync(new RoundId(round), cancellation)
            ?? throw new LedgerMismatchException($"The ledger no longer has round {round}.");
}
