namespace QuantumFed.Ledger.Tests;

/// <summary>
/// Makes this test program a host that starts a chain, prints anvil's process id and then waits to be killed, when the environment says so:
/// the test of that death needs a process it can kill.
/// </summary>
internal static class AnvilHost
{
    public const string Variable = "QF_TEST_ANVIL_HOST";

    public static async Task<int> RunAsync()
    {
        AnvilProcess anvil = await AnvilProcess.StartAsync(TestFiles.RepositoryRoot, 0, AnvilFixture.ChainId, null, TimeProvider.System, CancellationToken.None);
        Console.WriteLine(anvil.ProcessId);
        return await anvil.Exited;
    }
}
