using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using QuantumFed.Cli;

var root = new RootCommand("QuantumFed: hospitals train one model together; nobody sees another's data or update, and every round can be replayed.")
{
    DemoCommand.Create(),
    LedgerCommand.Create(),
    NetworkCommand.Create(),
    CoordinatorCommand.Create(),
    MemberCommand.Create(),
    AuditCommand.Create(),
    CompareCommand.Create(),
    ModelCommand.Create(),
    PredictCommand.Create(),
    LatticeCommand.Create(),
    QkdCommand.Create(),
    BenchCommand.Create(),
    PlainCommand.Create(),
};
// A supervised party ends when its standard input closes. Ctrl-C in a terminal reaches every process at once, and only the supervisor may act on it.
bool supervised = args.Contains(NodeOptions.SupervisedName);
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = supervised ? null : TimeSpan.FromSeconds(20) };
// A column may be called @id: no text of the command line names a file of further arguments.
ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Action is not ParseErrorAction)
    return await parsed.InvokeAsync(invocation);
// Standard output is for what a command prints, lines of JSON perhaps. What is wrong stands alone; help only follows where there was no command to give it for.
await Console.Error.WriteLineAsync($"qf: {NodeEvent.OneLine(string.Join(' ', parsed.Errors.Select(mistake => mistake.Message).Distinct()))}");
if (parsed.CommandResult.Command.Subcommands.Count > 0)
{
    parsed.InvocationConfiguration.Output = Console.Error;
    new HelpAction().Invoke(parsed);
}
return (int)ExitCode.Usage;
