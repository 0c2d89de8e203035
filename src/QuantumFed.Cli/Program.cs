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
// The commands end with codes of their own; an exception that reaches here is a fault of this program.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = true, ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
