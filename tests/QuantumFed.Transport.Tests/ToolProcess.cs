using System.Diagnostics;

namespace QuantumFed.Transport.Tests;

/// <summary>A short-lived process of a test, ended with it.</summary>
internal static class ToolProcess
{
    /// <summary>Runs it to its end with no input; what it wrote to its redirected streams.</summary>
    public static async Task<string> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        using Process process = Process.Start(start)!;
        try
        {
            process.StandardInput.Close();
            Task<string> error = start.RedirectStandardError ? process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken) : Task.FromResult("");
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            output += await error;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
