using System.Diagnostics;

namespace QuantumFed.Qkd.Tests;

public sealed class CarrylessPathTests
{
    /// <summary>Tells a child process which path it must be running on.</summary>
    private const string ExpectedPath = "QF_EXPECTED_CARRYLESS_PATH";

    [Fact]
    [Trait("Runs", "OnEveryPath")]
    public void The_path_that_runs_is_the_one_claimed()
    {
        string? expected = Environment.GetEnvironmentVariable(ExpectedPath);
        if (expected is not null)
            Assert.Equal(expected, ToeplitzKernel.Widest.ToString());
        Assert.True(ToeplitzKernel.IsSupported(ToeplitzKernel.Widest));
        Assert.Equal(CarrylessProduct.IsHardwareAccelerated, ToeplitzKernel.Widest != ToeplitzPath.Portable);
    }

    /// <summary>Runs every test marked OnEveryPath in a process whose runtime lacks the wider instructions.</summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX512", nameof(ToeplitzPath.Vector128))]
    [InlineData("DOTNET_EnableHWIntrinsic", nameof(ToeplitzPath.Portable))]
    public async Task Results_are_the_same_with_wider_instructions_switched_off(string setting, string expectedPath)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(ExpectedPath) is not null, "This is such a child process.");
        if (expectedPath == nameof(ToeplitzPath.Vector128))
            Assert.SkipUnless(ToeplitzKernel.IsSupported(ToeplitzPath.Vector128), "The processor has no carry-less multiplication.");

        var start = new ProcessStartInfo(Environment.ProcessPath!, ["--filter-trait", "Runs=OnEveryPath", "--no-progress", "--no-ansi"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Insert(0, typeof(CarrylessPathTests).Assembly.Location);
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
