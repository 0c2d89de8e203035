using System.Diagnostics;

namespace QuantumFed.Lattice.Tests;

public sealed class KernelPathTests
{
    /// <summary>Tells a child process which path it must be running on.</summary>
    private const string ExpectedPath = "QF_EXPECTED_KERNEL_PATH";

    [Fact]
    [Trait("Runs", "OnEveryPath")]
    public void The_path_that_runs_is_the_one_claimed()
    {
        TestContext.Current.SendDiagnosticMessage($"Kernels run at {KernelPaths.Widest}.");
        string? expected = Environment.GetEnvironmentVariable(ExpectedPath);
        if (expected is not null)
            Assert.Equal(expected, KernelPaths.Widest.ToString());
        if (Environment.GetEnvironmentVariable("DOTNET_EnableHWIntrinsic") == "0" || Environment.GetEnvironmentVariable("DOTNET_EnableAVX2") == "0")
            Assert.Equal(KernelPath.Scalar, KernelPaths.Widest);
        else if (Environment.GetEnvironmentVariable("DOTNET_EnableAVX512") == "0")
            Assert.NotEqual(KernelPath.Vector512, KernelPaths.Widest);
        Assert.True(KernelPaths.IsSupported(KernelPaths.Widest));
    }

    /// <summary>Runs every test marked OnEveryPath, golden bytes among them, in a process whose runtime lacks the wider instructions.</summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX512", nameof(KernelPath.Vector256))]
    [InlineData("DOTNET_EnableAVX2", nameof(KernelPath.Scalar))]
    [InlineData("DOTNET_EnableHWIntrinsic", nameof(KernelPath.Scalar))]
    public async Task Results_are_the_same_with_wider_instructions_switched_off(string setting, string expectedPath)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(ExpectedPath) is not null, "This is such a child process.");
        if (expectedPath == nameof(KernelPath.Vector256))
            Assert.SkipUnless(KernelPaths.IsSupported(KernelPath.Vector256), "The processor has no AVX2 with fused multiply-add.");

        var start = new ProcessStartInfo(Environment.ProcessPath!, ["--filter-trait", "Runs=OnEveryPath", "--no-progress", "--no-ansi"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Insert(0, typeof(KernelPathTests).Assembly.Location);
        foreach (string inherited in start.Environment.Keys.Where(IsTestHostSetting).ToArray())
            start.Environment.Remove(inherited);
        start.Environment[setting] = "0";
        start.Environment[ExpectedPath] = expectedPath;

        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, $"{setting}=0: exit code {child.ExitCode}\n{output}\n{await errors}");
    }

    // The platform that runs this process must not take the child for its own.
    private static bool IsTestHostSetting(string name) =>
        name.StartsWith("TESTINGPLATFORM_", StringComparison.Ordinal) || name.StartsWith("DOTNET_Enable", StringComparison.Ordinal);
}
