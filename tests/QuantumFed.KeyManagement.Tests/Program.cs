using System.Runtime.InteropServices;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>
/// The entry point of the tests. OpenSSL reads OPENSSL_CONF once, when it is first used, from the process's own environment (which
/// .NET's Environment does not write to), so the strict profile is set here, before anything else runs. With
/// <see cref="StoreProcess.Variable"/> set, this is instead a child process that a test kills.
/// </summary>
internal static partial class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (Environment.GetEnvironmentVariable(StoreProcess.Variable) is { Length: > 0 } store)
            return await StoreProcess.RunAsync(store);
        if (OperatingSystem.IsLinux())
            UseStrictProfile();
        return args.Any(arg => arg is "-automated" or "@@")
            ? await ConsoleRunner.Run(args)
            : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
    }

    private static void UseStrictProfile()
    {
        string path = Repository.File("network/openssl/server.cnf");
        Environment.SetEnvironmentVariable("OPENSSL_CONF", path);
        if (SetNativeEnvironment("OPENSSL_CONF", path, 1) != 0)
            throw new InvalidOperationException("setenv failed.");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNativeEnvironment(string name, string value, int overwrite);
}
