using System.Text.Json;

namespace QuantumFed.System.Tests;

public sealed class LatticeCommandTests
{
    [Theory]
    [InlineData("--members 10 --bits 16 --size 1048576", "noise bound B        138;", "2 of w = 20 bits", "3248896 bytes, 3.098 a value")]
    [InlineData("--members 100000 --bits 32 --size 1000", "KAHE-4096-98", "1 of w = 49 bits", "98 bits, the product of primes")]
    [InlineData("--members 100 --bits 16 --size 1048576", "KAHE-4096-98", "3 of w = 23 bits", "4315136 bytes, 4.115 a value")]
    [InlineData("--members 1000 --bits 8 --size 1000", "noise bound B        1376;", "2 of w = 18 bits", "12544 bytes, 12.544 a value")]
    public async Task Parameters_are_printed_with_their_bounds(string options, params string[] said)
    {
        Requires.Launcher();
        QfResult run = (await QfRun.ToEndAsync(["lattice", "params", .. options.Split(' ')])).Ended(0);
        foreach (string part in said)
            Assert.Contains(part, run.Output, StringComparison.Ordinal);
        string failure = Assert.Single(run.Lines, line => line.StartsWith("failure probability", StringComparison.Ordinal));
        double log2 = double.Parse(failure.Split("2^")[1].Split(' ')[0], global::System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(log2, -66, -64);
    }

    [Theory]
    [InlineData("10000000", "100")]
    [InlineData("1000", "255")]
    public async Task A_benchmark_that_memory_does_not_hold_is_refused(string values, string members)
    {
        Requires.Launcher();
        QfResult run = (await QfRun.ToEndAsync(
            ["bench", "lattice", "--params", values, "--members", members], ("DOTNET_GCHeapHardLimit", "0x20000000"))).Ended(2);
        Assert.Contains("take fewer --params or --members", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_benchmark_prints_its_figures_as_JSON_and_progress_elsewhere()
    {
        Requires.Launcher();
        QfResult run = (await QfRun.ToEndAsync(["bench", "lattice", "--params", "5000", "--members", "3", "--json"])).Ended(0);
        using JsonDocument timing = JsonDocument.Parse(run.Output);
        Assert.Equal(
            ["1024", "2048", "4096", "8192", "16384", "32768"], timing.RootElement.GetProperty("ntt").EnumerateObject().Select(transform => transform.Name));
        foreach (JsonProperty transform in timing.RootElement.GetProperty("ntt").EnumerateObject())
        {
            foreach (string figure in (string[])["forwardMicroseconds", "inverseMicroseconds", "scalarForwardMicroseconds", "scalarInverseMicroseconds"])
                Assert.InRange(transform.Value.GetProperty(figure).GetDouble(), double.Epsilon, 1e6);
        }
        foreach (string figure in (string[])[
            "encryptMparamPerSecond", "addMparamPerSecond", "addArrivingMparamPerSecond", "decryptMparamPerSecond", "shareMilliseconds", "openMilliseconds", "combineMilliseconds", "peakMegabytes"])
            Assert.InRange(timing.RootElement.GetProperty(figure).GetDouble(), double.Epsilon, 1e6);
        // 5000 values of two lanes take two blocks.
        Assert.Equal(2 * 12_544 / 5000.0, timing.RootElement.GetProperty("bytesPerParameter").GetDouble(), 1e-9);
        Assert.Equal(1, timing.RootElement.GetProperty("threads").GetInt32());
        Assert.False(timing.RootElement.TryGetProperty("encryptSpeedup", out _));
        Assert.Contains("qf: measuring", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_more_threads_the_benchmark_says_how_many_times_one_they_are()
    {
        Requires.Launcher();
        QfResult run = (await QfRun.ToEndAsync(["bench", "lattice", "--params", "100000", "--members", "3", "--threads", "2", "--json"])).Ended(0);
        using JsonDocument timing = JsonDocument.Parse(run.Output);
        Assert.Equal(2, timing.RootElement.GetProperty("threads").GetInt32());
        foreach (string figure in (string[])["encryptSpeedup", "addSpeedup", "decryptSpeedup"])
            Assert.InRange(timing.RootElement.GetProperty(figure).GetDouble(), double.Epsilon, 100);
    }
}
