using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace QuantumFed.Benchmarks;

/// <summary>How everything here is measured: fifteen runs of 50 ms after five to warm up, in this process; medians.</summary>
/// <remarks>In this process, because the project that BenchmarkDotNet would generate would be held to the rules of this repository.</remarks>
public sealed class ShortRuns : ManualConfig
{
    /// <summary>The configuration; results go to artifacts/benchmarks.</summary>
    public ShortRuns()
    {
        AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithIterationTime(TimeInterval.FromMilliseconds(50))
            .WithWarmupCount(5)
            .WithIterationCount(15));
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddColumn(StatisticColumn.Median);
        HideColumns(Column.Error, Column.StdDev, Column.RatioSD, Column.Mean, Column.AllocRatio, Column.Gen0, Column.Gen1, Column.Gen2);
        AddExporter(MarkdownExporter.GitHub);
        AddLogger(ConsoleLogger.Default);
        ArtifactsPath = "artifacts/benchmarks";
    }
}
