using System.CommandLine;
using QuantumFed.Node;

namespace QuantumFed.Cli;

/// <summary><c>qf plain</c>: the parties of the federation in the clear that <c>qf compare</c> measures against.</summary>
internal static class PlainCommand
{
    public static Command Create() => new("plain", "The parties of a federation in the clear, for qf compare only: it hides nothing from its coordinator.")
    {
        Party("coordinator", PlainCoordinatorHost.RunAsync),
        Party("member", PlainMemberHost.RunAsync),
    };

    private static Command Party(string name, Func<string, Microsoft.Extensions.Logging.ILoggerFactory, TimeProvider, CancellationToken, Task> run)
    {
        var command = new Command(name, $"Run a {name} in the clear.");
        var options = new NodeOptions();
        options.AddTo(command);
        options.SetAction(command, (context, cancellation) => run(context.SettingsPath, context.Events, context.Time, cancellation));
        return command;
    }
}
