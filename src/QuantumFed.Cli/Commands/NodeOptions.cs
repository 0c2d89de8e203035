using System.CommandLine;
using System.Runtime.InteropServices;

namespace QuantumFed.Cli;

/// <summary>The options that every long-running party has.</summary>
internal sealed class NodeOptions
{
    public Option<string> Settings { get; init; } = new("--settings", "-s")
    {
        Description = "The party's settings.json; its keys and state lie in the same folder.",
        Required = true,
        HelpName = "FILE",
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print events as JSON lines on standard output instead of text.",
    };

    public const string SupervisedName = "--supervised";

    public Option<bool> Supervised { get; } = new(SupervisedName)
    {
        Description = "Stop when standard input closes, so that nothing outlives the program that started this one.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Settings);
        command.Options.Add(Json);
        command.Options.Add(Supervised);
    }

    /// <summary>Runs a party until it is interrupted, or until standard input closes where it is supervised.</summary>
    public void SetAction(Command command, Func<PartyContext, CancellationToken, Task> run) => SetAction(command, (context, _, cancellation) => run(context, cancellation));

    /// <summary>The same for a party that reads options of its own.</summary>
    public void SetAction(Command command, Func<PartyContext, ParseResult, CancellationToken, Task> run) =>
        command.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            async token =>
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
                using PosixSignalRegistration? interrupt = parsed.GetValue(Supervised)
                    ? PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true)
                    : null;
                if (parsed.GetValue(Supervised))
                    StandardInputGuard.Watch(stop);
                using var events = new EventLineLoggerProvider(Console.Out, parsed.GetValue(Json));
                var context = new PartyContext(CommandRunner.PathOf(Settings.Name, parsed.GetRequiredValue(Settings)), events, TimeProvider.System);
                try
                {
                    await run(context, parsed, stop.Token);
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    // Stopping a party is how its life ends: success, and nothing was lost that was acknowledged.
                }
                return ExitCode.Success;
            },
            cancellation));
}
