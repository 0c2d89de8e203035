using System.Diagnostics;

namespace QuantumFed.Besu.Tests;

/// <summary>Other people's programs, which read what is written here.</summary>
internal static class ProgramRun
{
    /// <summary>Skips the test without the program.</summary>
    public static void Require(string program) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program))), $"needs the program {program}");

    /// <summary>The standard output of a run that ends with exit code 0.</summary>
    public static async Task<string> OutputOfAsync(string folder, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // The programs are the system's, and so is the OpenSSL they were built with.
        _ = start.Environment.Remove("LD_LIBRARY_PATH");
        _ = start.Environment.Remove("OPENSSL_CONF");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await output}{await errors}");
        return await output;
    }
}
