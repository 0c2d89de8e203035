using System.CommandLine;
using System.CommandLine.Invocation;
using QuantumFed.Cli;

var root = new RootCommand("QuantumFed: hospitals train one model together; nobody sees another's data or update, and every round can be replayed.")
{
    DemoCommand.Create(),
    LedgerCommand.Create(),
    CoordinatorCommand.Create(),
    MemberCommand.Create(),
    AuditCommand.Create(),
    CompareCommand.Create(),
    ModelCommand.Create(),
    PredictCommand.Create(),
    LatticeCommand.Create(),
    BenchCommand.Create(),
    PlainCommand.Create(),
};
// A supervised party ends when its standard input closes. Ctrl-C in a terminal reaches every process at once, and only the supervisor may act on it.
bool supervised = args.Contains(NodeOptions.SupervisedName);
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = supervised ? null : TimeSpan.FromSeconds(20) };
ParseResult parsed = root.Parse(args);
if (parsed.Action is not ParseErrorAction mistake)
    return await parsed.InvokeAsync(invocation);
// What is wrong stands alone; help only follows where there was no command to give it for.
mistake.ShowHelp = parsed.CommandResult.Command.Subcommands.Count > 0;
await parsed.InvokeAsync(invocation);
return (int)ExitCode.Usage;
