using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

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
        if (Environment.GetEnvironmentVariable("DOTNET_EnableHWIntrinsic") == "0")
            Assert.Equal(KernelPath.Scalar, KernelPaths.Widest);
        else if (Environment.GetEnvironmentVariable("DOTNET_EnableAVX2") == "0" && X86Base.IsSupported)
            Assert.Equal((KernelPath.Scalar, false), (KernelPaths.Widest, Fma.IsSupported));
        else if (Environment.GetEnvironmentVariable("DOTNET_PreferredVectorBitWidth") == "128")
            Assert.True(KernelPaths.Widest <= KernelPath.Vector128);
        else if (Environment.GetEnvironmentVariable("DOTNET_EnableAVX512") == "0")
            Assert.NotEqual(KernelPath.Vector512, KernelPaths.Widest);
        Assert.True(KernelPaths.IsSupported(KernelPaths.Widest));
        Assert.DoesNotContain(Paths.Supported, path => path > KernelPaths.Widest);
    }

    /// <summary>ARM64 always has Advanced SIMD with fused multiply-add; on x86 the 128-bit path needs FMA, which comes with AVX2.</summary>
    [Fact]
    public void The_128_bit_path_is_offered_wherever_multiplication_is_fused() =>
        Assert.Equal(Vector128.IsHardwareAccelerated && (AdvSimd.Arm64.IsSupported || Fma.IsSupported), Paths.Supported.Contains(KernelPath.Vector128));

    /// <summary>Runs every test marked OnEveryPath, golden bytes among them, in a process whose runtime lacks the wider instructions.</summary>
    /// <remarks>.NET takes FMA for a part of AVX2, so that without AVX2 nothing is left between 512 and one; a preference for 128 bits leaves FMA.</remarks>
    [Theory]
    [InlineData("DOTNET_EnableAVX512", "0", nameof(KernelPath.Vector256))]
    [InlineData("DOTNET_PreferredVectorBitWidth", "128", nameof(KernelPath.Vector128))]
    [InlineData("DOTNET_EnableAVX2", "0", nameof(KernelPath.Scalar))]
    [InlineData("DOTNET_EnableHWIntrinsic", "0", nameof(KernelPath.Scalar))]
    public async Task Results_are_the_same_with_wider_instructions_switched_off(string setting, string value, string expectedPath)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(ExpectedPath) is not null, "This is such a child process.");
        Assert.SkipUnless(X86Base.IsSupported || !setting.Contains("AVX", StringComparison.Ordinal), "The setting is for x86.");
        if (expectedPath != nameof(KernelPath.Scalar))
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
        start.Environment[setting] = value;
        start.Environment[ExpectedPath] = expectedPath;

        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, $"{setting}={value}: exit code {child.ExitCode}\n{output}\n{await errors}");
    }

    // The platform that runs this process must not take the child for its own.
    private static bool IsTestHostSetting(string name) =>
        name.StartsWith("TESTINGPLATFORM_", StringComparison.Ordinal) || name.StartsWith("DOTNET_Enable", StringComparison.Ordinal)
        || name == "DOTNET_PreferredVectorBitWidth";
}
