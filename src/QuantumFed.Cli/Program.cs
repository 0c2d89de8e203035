using System.CommandLine;
using QuantumFed.Cli;

var root = new RootCommand("QuantumFed: hospitals train one model together; nobody sees another's data or update, and every round can be replayed.")
{
    DemoCommand.Create(),
    LedgerCommand.Create(),
    CoordinatorCommand.Create(),
    MemberCommand.Create(),
    AuditCommand.Create(),
};
// A supervised party ends when its standard input closes. Ctrl-C in a terminal reaches every process at once, and only the supervisor may act on it.
bool supervised = args.Contains(NodeOptions.SupervisedName);
return await root.Parse(args).InvokeAsync(new InvocationConfiguration
{
    ProcessTerminationTimeout = supervised ? null : TimeSpan.FromSeconds(20),
});
