using System.Runtime.CompilerServices;

namespace QuantumFed.Ledger.Tests;

/// <summary>
/// Makes this test program a host that starts a chain, prints anvil's process id and then waits to be killed, when the environment says so:
/// the test of that death needs a process it can kill.
/// </summary>
internal static class AnvilHost
{
    public const string Variable = "QF_TEST_ANVIL_HOST";

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "The test runner owns Main.")]
    internal static void Run()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
            return;
        Environment.SetEnvironmentVariable(Variable, null);
        // Blocking here, and no code of this assembly on another thread: that would wait for this initializer's end.
        AnvilProcess anvil = AnvilProcess.StartAsync(TestFiles.RepositoryRoot, 0, AnvilFixture.ChainId, null, TimeProvider.System, CancellationToken.None)
            .GetAwaiter().GetResult();
        Console.WriteLine(anvil.ProcessId);
        Environment.Exit(anvil.Exited.GetAwaiter().GetResult());
    }
}
