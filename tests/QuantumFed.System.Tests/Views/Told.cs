using Microsoft.Extensions.Logging;
using QuantumFed.Cli;

namespace QuantumFed.System.Tests;

/// <summary>Events as parties tell them, seconds after the start of a run of three members.</summary>
internal static class Told
{
    public static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    public static readonly string Model = new('a', 64);

    /// <summary>A run that nobody has told anything of.</summary>
    public static RunProgress Nothing => RunProgress.Begin(Start, plannedRounds: 3, ["north", "south", "st-anne"]);

    public static NodeEvent Event(string name, double second, params (string Name, string Value)[] fields) => new(
        Start.AddSeconds(second), LogLevel.Information, name, $"{name} happened.", fields.ToDictionary(field => field.Name, field => field.Value));

    /// <summary>The run after the coordinator told these.</summary>
    public static RunProgress Coordinator(this RunProgress run, params NodeEvent[] events) =>
        events.Aggregate(run, (before, entry) => before.Take(RunProgress.Coordinator, entry));

    /// <summary>Round 1, finalised in second 9.</summary>
    public static RunProgress RoundOne => Nothing
        .Coordinator(
            Event("Awaiting", 4, ("round", "1"), ("step", "Keys"), ("members", "nobody")),
            Event("RoundOpened", 5, ("round", "1"), ("purpose", "NewtonStep"), ("transaction", "01ab")),
            Event("RoundTraffic", 6, ("round", "1"), ("step", "Upload"), ("kind", "Updates"), ("receivedBytes", "3000"), ("sentBytes", "0")),
            Event("RoundTraffic", 6, ("round", "1"), ("step", "Shares"), ("kind", "Records"), ("receivedBytes", "300"), ("sentBytes", "30")),
            Event("RoundClosed", 7, ("round", "1"), ("participants", "3"), ("transaction", "02ab")),
            Event("RoundFinalized", 9, ("round", "1"), ("model", Model), ("seconds", "4.5"), ("transaction", "03ab")),
            Event("RoundTimed", 10, ("round", "1"), ("keysSeconds", "0.5"), ("trainingSeconds", "2.25"), ("uploadSeconds", "1")));
}
