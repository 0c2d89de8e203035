using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace QuantumFed.Ledger.Tests;

/// <summary>
/// The entry point of the tests. With <see cref="AnvilHost.Variable"/> or <see cref="StepProcess.Variable"/> set, this is instead a child
/// process that a test kills.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (Environment.GetEnvironmentVariable(AnvilHost.Variable) is { Length: > 0 })
            return await AnvilHost.RunAsync();
        if (Environment.GetEnvironmentVariable(StepProcess.Variable) is { Length: > 0 } folder)
            return await StepProcess.RunAsync(folder);
        return args.Any(arg => arg is "-automated" or "@@")
            ? await ConsoleRunner.Run(args)
            : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
    }
}
