using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using QuantumFed.Qkd;

namespace QuantumFed.Cli;

/// <summary><c>qf bench qkd</c>.</summary>
internal static class QkdBench
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print the figures as JSON; progress goes to standard error in any case." };
        var qkd = new Command("qkd", "Time the simulated quantum link and its post-processing on one thread of this machine: pulses, Cascade and privacy amplification, as "
            + "medians after a warm-up. The machine should have nothing else to do.")
        {
            json,
        };
        qkd.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            token => Task.Run(() => Run(parsed.GetValue(json), token), token), cancellation));
        return qkd;
    }

    private static ExitCode Run(bool json, CancellationToken cancellation)
    {
        LinkTiming link = LinkMeasurement.Run(Tell, cancellation);
        Tell("reconciliation and privacy amplification");
        PostProcessingTiming distil = PostProcessingMeasurement.Run(cancellation);
        Console.Out.WriteLine(json
            ? JsonSerializer.Serialize(
                new
                {
                    link.SimulateMpulsePerSecond, link.PulseByPulseMpulsePerSecond, link.SiftMpulsePerSecond,
                    distil.CascadeMbitPerSecond, distil.CascadeSharedPlanMbitPerSecond, distil.CascadeEfficiency, distil.CascadeMessages,
                    distil.AmplifyMbitPerSecond, distil.AmplifyOneEndMbitPerSecond, distil.AmplifyPath,
                },
                Json)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"""
                a simulated link of {LinkMeasurement.DistanceInKilometres:F0} km, million pulses a second
                simulate  {link.SimulateMpulsePerSecond,10:F0} block by block; {link.PulseByPulseMpulsePerSecond:F1} pulse by pulse
                sift      {link.SiftMpulsePerSecond,10:F0}

                both ends on one thread, million bits a second
                cascade   {distil.CascadeMbitPerSecond,10:F1} of sifted key, {PostProcessingMeasurement.CascadeBits} bits at {PostProcessingMeasurement.CascadeErrorRate:P0}; efficiency {distil.CascadeEfficiency:F3}, {distil.CascadeMessages} messages
                amplify   {distil.AmplifyMbitPerSecond,10:F1} of reconciled key, 2^20 to 2^19 bits; one end alone {distil.AmplifyOneEndMbitPerSecond:F1} ({distil.AmplifyPath})
                """));
        return ExitCode.Success;
    }

    private static void Tell(string what) => Console.Error.WriteLine($"qf: measuring {what}");
}
