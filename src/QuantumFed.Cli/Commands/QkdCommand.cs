using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using QuantumFed.Node;
using QuantumFed.Qkd;

namespace QuantumFed.Cli;

/// <summary><c>qf qkd</c>.</summary>
internal static class QkdCommand
{
    private const double MostPulses = 1e12;

    // Six bits each, in memory at once, and a moment twice.
    private const double MostDetections = 5e8;

    private const double DefaultPulses = 1e10;

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Command Create() => new("qkd", "Simulate a link of quantum key distribution: decoy-state BB84 over a fibre, with or without an eavesdropper. No photon is sent.")
    {
        Simulate(), Curve(), Run(), Relay(),
    };

    private static Command Simulate()
    {
        Option<double> distance = Number("--distance", "The fibre's length in kilometres.", null, text => Real(text, 0, OpticalChannel.MostKilometres), $"a number from 0 to {OpticalChannel.MostKilometres}");
        distance.Required = true;
        Option<double> pulses = Pulses();
        var eve = new Option<string>("--eve") { Description = $"Who holds the fibre: {string.Join(", ", Eavesdroppers.Names)}.", HelpName = "ATTACK", DefaultValueFactory = _ => Eavesdroppers.None };
        eve.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string name }] && !Eavesdroppers.Names.Contains(name))
                result.AddError($"--eve takes one of {string.Join(", ", Eavesdroppers.Names)}, not '{name}'.");
        });
        Option<double?> fraction = Optional("--fraction", "The share of pulses that is attacked; all, unless said.", text => Real(text, 0, 1), "a number from 0 to 1");
        Option<ulong?> seed = Seed();
        var json = new Option<bool>("--json") { Description = "Print the figures as JSON." };
        var command = new Command("simulate", "Send pulses over a simulated link, sift them, and print what the two parties measure beside what theory expects, and how long a key they may take. "
            + $"Exit code {(int)ExitCode.NoKey}: none.")
        {
            distance, pulses, eve, fraction, seed, json,
        };
        command.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            token => Task.Run(
                () => Simulate(
                    parsed.GetValue(distance), (long)parsed.GetValue(pulses), parsed.GetValue(eve)!, parsed.GetValue(fraction), parsed.GetValue(seed), parsed.GetValue(json), token),
                token),
            cancellation));
        return command;
    }

    private static Command Curve()
    {
        var file = new Option<string>("--out") { Description = "The picture to write, an SVG.", HelpName = "FILE", Required = true };
        Option<double> pulses = Pulses();
        Option<ulong?> seed = Seed();
        var command = new Command("curve", "Draw the key rate against the fibre's length: simulated links as points over the curves of theory.") { file, pulses, seed };
        command.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            token => Task.Run(() => Draw(CommandRunner.PathOf("--out", parsed.GetValue(file)!), (long)parsed.GetValue(pulses), parsed.GetValue(seed), token), token),
            cancellation));
        return command;
    }

    private static Command Run()
    {
        var end = new Option<LinkEnds>("--end")
        {
            Description = "Which end this process runs: transmitter, receiver, or both.", HelpName = "END", DefaultValueFactory = _ => LinkEnds.Both,
            CustomParser = result =>
            {
                if (result.Tokens[0].Value is var name && name.All(char.IsAsciiLetterLower) && Enum.TryParse(name, ignoreCase: true, out LinkEnds ends) && ends != LinkEnds.None)
                    return ends;
                result.AddError($"--end takes transmitter, receiver or both, not '{name}'.");
                return LinkEnds.None;
            },
        };
        var command = new Command("run", "Run a quantum link with its two key managers, or one end of it: simulated light, the whole classical post-processing over a network, and keys by "
            + "ETSI GS QKD 014 for the parties at its ends. docs/key-management.md shows the settings.")
        {
            end,
        };
        var options = new NodeOptions
        {
            Settings = new Option<string>("--link") { Description = "The link's settings; relative folders in it are relative to it.", Required = true, HelpName = "FILE" },
        };
        options.AddTo(command);
        options.SetAction(command, (context, parsed, cancellation) => LinkHost.RunAsync(context.SettingsPath, parsed.GetValue(end), context.Events, context.Time, cancellation));
        return command;
    }

    private static Command Relay()
    {
        var node = new Option<string?>("--node") { Description = "The node to run; all of the route's, unless said.", HelpName = "NAME" };
        var command = new Command("relay", "Run a route of quantum links over trusted nodes, or one node of it: keys pass from node to node, each hop under a one-time pad of its link, and "
            + "come out by ETSI GS QKD 014 at the ends. Every node between learns every key. docs/key-management.md shows the settings.")
        {
            node,
        };
        var options = new NodeOptions
        {
            Settings = new Option<string>("--route") { Description = "The route's settings; relative folders in it are relative to it.", Required = true, HelpName = "FILE" },
        };
        options.AddTo(command);
        options.SetAction(command, (context, parsed, cancellation) => RelayHost.RunAsync(context.SettingsPath, parsed.GetValue(node), context.Events, context.Time, cancellation));
        return command;
    }

    private static ExitCode Simulate(double kilometres, long pulses, string eve, double? fraction, ulong? seed, bool json, CancellationToken cancellation)
    {
        if (eve == Eavesdroppers.None && fraction is not null)
            throw new UsageException("--fraction is the share of pulses that an eavesdropper attacks; say which by --eve.");
        OpticalChannel channel = OpticalChannel.Gys(kilometres);
        DecoyProtocol protocol = DecoyProtocol.FiniteKey;
        CheckMemory(channel, protocol, pulses);
        IEavesdropper eavesdropper = Eavesdroppers.Of(eve, fraction ?? 1, channel, protocol);
        using LinkRandomness randomness = RandomnessOf(seed);
        using LinkRun run = BlockSimulator.Run(new SimulatedLink(channel, protocol, eavesdropper), pulses, randomness, cancellation);
        QkdFigures figures = QkdFigures.Of(run, seed);
        Console.Out.WriteLine(json ? JsonSerializer.Serialize(figures, s_json) : QkdText.Of(figures));
        if (figures.Abort is null)
            return ExitCode.Success;
        if (json)
            Console.Error.WriteLine($"qf: {QkdText.Verdict(figures)}");
        return ExitCode.NoKey;
    }

    private static ExitCode Draw(string path, long pulses, ulong? seed, CancellationToken cancellation)
    {
        CheckMemory(OpticalChannel.Gys(0), DecoyProtocol.FiniteKey, pulses);
        using LinkRandomness randomness = RandomnessOf(seed);
        // Opened first: a long simulation is not thrown away for a folder that is not there.
        using var file = new StreamWriter(path);
        QkdCurve curve = QkdCurve.Of(pulses, randomness, kilometres => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"qf: simulating {kilometres} km")), cancellation);
        file.Write(QkdCurveSvg.Of(curve));
        file.Flush();
        Console.Out.WriteLine($"Written: {path}");
        Console.Out.WriteLine("The points are of a simulated link: no photon was sent.");
        return ExitCode.Success;
    }

    private static LinkRandomness RandomnessOf(ulong? seed) => seed is { } given ? LinkRandomness.FromSeed(given) : LinkRandomness.FromOperatingSystem();

    private static void CheckMemory(OpticalChannel channel, DecoyProtocol protocol, long pulses)
    {
        double gain = new LinkTheory(channel).Gain(protocol);
        if (pulses * gain > MostDetections)
        {
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture, $"So many pulses give {pulses * gain:0.0e0} detections over {channel.DistanceInKilometres} km, more than the {MostDetections:0e0} that are kept at once; take fewer --pulses."));
        }
    }

    private static Option<double> Pulses() =>
        Number("--pulses", $"How many pulses are sent, such as 1e9; {DefaultPulses.ToString("0e0", CultureInfo.InvariantCulture)} unless said.", DefaultPulses, WholePulses, "a whole number from 1 to 1e12");

    private static Option<ulong?> Seed() => Optional<ulong>(
        "--seed", "Repeat a run. Its keys are no secret; without a seed bases, bits and intensities come from the operating system.",
        text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : null, "a whole number from 0 to 18446744073709551615");

    private static double? WholePulses(string text) => Real(text, 1, MostPulses) is { } pulses && pulses == Math.Floor(pulses) ? pulses : null;

    private static double? Real(string text, double least, double most) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double given) && given >= least && given <= most ? given : null;

    private static Option<double> Number(string name, string description, double? value, Func<string, double?> parse, string range)
    {
        var option = new Option<double>(name)
        {
            Description = description,
            HelpName = "NUMBER",
            CustomParser = result => Parsed(name, result.Tokens[0].Value, parse, range, result.AddError) ?? 0,
        };
        if (value is { } fallback)
            option.DefaultValueFactory = _ => fallback;
        return option;
    }

    private static Option<T?> Optional<T>(string name, string description, Func<string, T?> parse, string range) where T : struct => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        CustomParser = result => Parsed(name, result.Tokens[0].Value, parse, range, result.AddError),
    };

    private static T? Parsed<T>(string name, string text, Func<string, T?> parse, string range, Action<string> fail) where T : struct
    {
        if (parse(text) is { } given)
            return given;
        fail($"{name} takes {range}, not '{text}'.");
        return null;
    }
}
