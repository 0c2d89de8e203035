using System.Globalization;

namespace QuantumFed.Cli;

/// <summary>A comparison as a table for people.</summary>
internal static class ComparisonText
{
    /// <summary>Writes the table with what must be known to read it.</summary>
    public static void Write(TextWriter output, ComparisonResult result, CompareOptions options, string path)
    {
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Dataset}: {result.Task}, {result.Members} hospitals, {result.Rounds} training rounds, seed {result.Seed}");
        output.WriteLine(line);
        output.WriteLine();
        output.WriteLine($"{"way",-32} {"accuracy",8} {"AUC",7} {"seconds",8} {"a round",8} {"KiB a member",13}  {"the server sees",-44} how");
        foreach (ComparedWay way in result.Ways)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{way.Name,-32} {way.Accuracy,8:F4} {Figure(way.Auc),7} {way.Seconds,8:F2} {Seconds(way.MedianRoundSeconds),8} {Size(way.BytesPerMember),13}  {way.ServerSees,-44} {way.Kind}"));
        output.WriteLine();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"QuantumFed / plain federated: {result.EncryptedOverPlain:F3} in seconds, {result.EncryptedOverPlainMedianRound:F3} in the median round"));
        output.WriteLine("Both ran the same training in the same processes over the same TLS channel, from the end of the first round to the end of the last;");
        output.WriteLine("QuantumFed's seconds include its ledger, its committee and every member's replay, which the plain federation does not have.");
        if (!options.NetworkOnly)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Noise: ({options.Epsilon:R}, {options.Delta:R})-differential privacy of a hospital's part in all rounds, by zCDP. Pairwise masks: after Bonawitz et al., no dropouts."));
        output.WriteLine("Seconds of one process are of all rounds, the hospitals one after another. Only QuantumFed and the masks clip updates as agreed. Bytes are of messages, without TLS; simulated ones are counted.");
        output.WriteLine(result.Verified ? "VERIFIED: the encrypted run replays." : "NOT VERIFIED: the encrypted run does not replay.");
        output.WriteLine($"Result: {path}");
    }

    private static string Figure(double? value) => value is { } known ? known.ToString("F4", CultureInfo.InvariantCulture) : "-";

    private static string Seconds(double? value) => value is { } known ? known.ToString("F3", CultureInfo.InvariantCulture) : "-";

    private static string Size(double? bytes) => bytes is { } known ? (known / 1024).ToString("F1", CultureInfo.InvariantCulture) : "-";
}
