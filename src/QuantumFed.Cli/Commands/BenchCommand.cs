using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using QuantumFed.Lattice;

namespace QuantumFed.Cli;

/// <summary><c>qf bench</c>.</summary>
internal static class BenchCommand
{
    private const int MostThreads = 1024;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };


    public static Command Create()
    {
        Option<int> values = NumberOption.Whole("--params", "The model's parameters.", LatticeCommand.DefaultSize, 1, LatticeCommand.MostValues);
        Option<int> members = NumberOption.Whole("--members", "Members, all on the committee.", LatticeCommand.DefaultMembers, 3, SharingParameters.MaxCommitteeSize);
        Option<int> bits = NumberOption.Whole("--bits", "Bits of a value.", LatticeCommand.DefaultBits, FixedPointEncoding.MinBits, KaheParameters.MaxBitsPerValue);
        Option<int> threads = NumberOption.Whole("--threads", "Threads that encrypt, add and decrypt; with more than one, one is measured beside.", 1, 1, MostThreads);
        var json = new Option<bool>("--json") { Description = "Print the figures as JSON; progress goes to standard error in any case." };
        var lattice = new Command("lattice", "Time the lattice core on this machine, on one thread unless told: transforms, encryption, addition, decryption and the committee's key "
            + "layer, as medians after a warm-up. The machine should have nothing else to do.")
        {
            values, members, bits, threads, json,
        };
        lattice.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            token => Task.Run(
                () => Run(parsed.GetValue(values), parsed.GetValue(members), parsed.GetValue(bits), parsed.GetValue(threads), parsed.GetValue(json), token), token),
            cancellation));
        return new Command("bench", "Measure this machine.") { lattice, LedgerBench.Create(), QkdBench.Create() };
    }

    private static ExitCode Run(int values, int members, int bits, int threads, bool json, CancellationToken cancellation)
    {
        (KaheParameters parameters, SharingParameters sharing) = LatticeCommand.ParametersOf(members, bits, values);
        // Every member's ciphertext, the public elements and the sum are in memory at once, and afterwards what every member deals to every other.
        int blocks = parameters.BlocksFor(values);
        double bulk = (double)members * parameters.CiphertextSizeInBytes(blocks) + 1.0 * sizeof(ulong) * KaheAccumulator.WordsFor(parameters, blocks) + 2.0 * sizeof(float) * values;
        double dealt = (double)members * sharing.CommitteeSize * ShareSeal.SizeInBytes(parameters.Set);
        double needed = Math.Max(bulk, dealt) / 1e9;
        double available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        if (needed > available / 2)
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture, $"This takes about {needed:F1} GB, and there are {available:F1} GB of memory; take fewer --params or --members."));
        LatticeTiming timing = LatticeMeasurement.Run(
            parameters, sharing, values, threads, text => Console.Error.WriteLine($"qf: measuring {text}"), PeakMegabytes, cancellation);
        Console.Out.WriteLine(json ? JsonSerializer.Serialize(timing, Json) : Text(timing, parameters, sharing, values));
        return ExitCode.Success;
    }

    private static double PeakMegabytes()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1e6;
    }

    private static string Text(LatticeTiming timing, KaheParameters parameters, SharingParameters sharing, int values)
    {
        var lines = new List<string> { $"{"NTT, n",8} {"forward us",11} {"inverse us",11} {"scalar forward",15} {"scalar inverse",15}" };
        foreach ((string degree, TransformTiming transform) in timing.Ntt)
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{degree,8} {transform.ForwardMicroseconds,11:F2} {transform.InverseMicroseconds,11:F2} {transform.ScalarForwardMicroseconds,15:F2} {transform.ScalarInverseMicroseconds,15:F2}"));
        lines.Add("");
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"{values} values of {parameters.BitsPerValue} bits, {parameters.Parties} members, {timing.Threads} {(timing.Threads == 1 ? "thread" : "threads")}; {parameters}"));
        lines.Add(Rate("encrypt", timing.EncryptMparamPerSecond, timing.EncryptSpeedup, "numbers to bytes"));
        lines.Add(Rate("add", timing.AddMparamPerSecond, timing.AddSpeedup, "for each member"));
        lines.Add(Rate("arriving", timing.AddArrivingMparamPerSecond, null, "added as they come, block by block, with a check"));
        lines.Add(Rate("decrypt", timing.DecryptMparamPerSecond, timing.DecryptSpeedup, "bytes to numbers"));
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"bytes    {timing.BytesPerParameter,10:F3} a value"));
        lines.Add("");
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"committee of {sharing.CommitteeSize}, {sharing.Threshold} open; milliseconds: share {timing.ShareMilliseconds:F2}, open {timing.OpenMilliseconds:F2}, combine {timing.CombineMilliseconds:F2}"));
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"peak memory {timing.PeakMegabytes:F0} MB"));
        return string.Join('\n', lines);
    }

    private static string Rate(string name, double rate, double? speedup, string what) => string.Create(
        CultureInfo.InvariantCulture, $"{name,-8} {rate,10:F0} million a second, {what}{(speedup is { } times ? $"; {times:F2} times one thread" : "")}");
}
