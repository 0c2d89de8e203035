using System.CommandLine;
using QuantumFed.Node;

namespace QuantumFed.Cli;

/// <summary><c>qf member</c>.</summary>
internal static class MemberCommand
{
    public static Command Create()
    {
        var run = new Command("run", "Run a member: it trains on its own data, encrypts its updates, sits on the committee and replays every round.");
        var options = new NodeOptions();
        options.AddTo(run);
        options.SetAction(run, (context, cancellation) => MemberHost.RunAsync(context.SettingsPath, context.Events, context.Time, cancellation));
        return new Command("member", "A member of the consortium, such as a hospital.") { run };
    }
}
