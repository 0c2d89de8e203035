using System.CommandLine;
using QuantumFed.Node;

namespace QuantumFed.Cli;

/// <summary><c>qf coordinator</c>.</summary>
internal static class CoordinatorCommand
{
    public static Command Create()
    {
        var run = new Command("run", "Run the coordinator: it opens rounds, adds ciphertexts and publishes models, and can decrypt nothing.");
        var options = new NodeOptions();
        options.AddTo(run);
        options.SetAction(run, (context, cancellation) =>
            CoordinatorHost.RunAsync(context.SettingsPath, context.Events, context.Time, cancellation));
        return new Command("coordinator", "The consortium's coordinator.") { run };
    }
}
