using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace QuantumFed.Cli;

/// <summary><c>qf bench ledger</c>.</summary>
internal static class LedgerBench
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print the figures as JSON; progress goes to standard error in any case." };
        var ledger = new Command("ledger", "Time the ledger's client on this machine, against a development chain started for it: members' commitments from the call to the "
            + "receipt, and the checking of receipt proofs. Medians after a warm-up. The machine should have nothing else to do.")
        {
            json,
        };
        ledger.SetAction((parsed, cancellation) => CommandRunner.RunAsync(token => RunAsync(parsed.GetValue(json), token), cancellation));
        return ledger;
    }

    private static async Task<ExitCode> RunAsync(bool json, CancellationToken cancellation)
    {
        string home = Environment.GetEnvironmentVariable("QF_HOME") ?? AppContext.BaseDirectory;
        Tell("commitments");
        double commits = await CommitBench.CommitsPerSecondAsync(home, TimeProvider.System, cancellation);
        Tell("receipt proofs");
        double proofs = ReceiptProofBench.ProofsPerSecond(cancellation);
        // Name in JSON, value, words; a line each.
        (string Name, double PerSecond, string Text)[] figures =
        [
            ("commitsPerSecond", commits, $"commitments a second, {CommitBench.Senders} members at once, journals included"),
            ("receiptProofsPerSecond", proofs, "receipt proofs checked a second, from their bytes, blocks of 10 to 50 transactions"),
        ];
        Console.Out.WriteLine(json
            ? new JsonObject(figures.Select(figure => KeyValuePair.Create(figure.Name, (JsonNode?)figure.PerSecond))).ToJsonString(Json)
            : string.Join('\n', figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.PerSecond,10:F0} {figure.Text}"))));
        return ExitCode.Success;
    }

    private static void Tell(string what) => Console.Error.WriteLine($"qf: measuring {what}");
}
