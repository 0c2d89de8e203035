using System.Text.Json;
using QuantumFed.Node;

[assembly: AssemblyFixture(typeof(QuantumFed.System.Tests.FinishedDemo))]

namespace QuantumFed.System.Tests;

/// <summary>
/// One finished demo that the tests look at, and copy before they alter anything. It ran twice into the same folder with one seed: first without
/// AVX-512, then with what the machine has. The first run's public files are kept too.
/// </summary>
public sealed class FinishedDemo : IDisposable
{
    public const int Rounds = 2;
    private const string Seed = "7";

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<(QfResult, QfResult)>> _runs;

    public FinishedDemo() => _runs = new(RunTwiceAsync);

    /// <summary>The workspace of the second run.</summary>
    public string Workspace => _folder.At("demo");

    /// <summary>The public files of the first run, without AVX-512.</summary>
    public string NarrowWorkspace => _folder.At("narrow");

    internal static JsonElement ReportOf(string workspace) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(workspace, "report.json"))).RootElement;

    internal static string[] ModelHashes(JsonElement report) =>
        [.. report.GetProperty("rounds").EnumerateArray().Select(round => round.GetProperty("modelHash").GetString()!)];

    /// <summary>Both runs' outcomes; skips the calling test where the launcher lacks OpenSSL.</summary>
    internal async Task<(QfResult Narrow, QfResult Wide)> RunsAsync()
    {
        Requires.Launcher();
        return await _runs.Value;
    }

    /// <summary>The workspace, once both runs are over and well.</summary>
    internal async Task<string> WorkspaceAsync()
    {
        (QfResult narrow, QfResult wide) = await RunsAsync();
        narrow.Ended(0);
        wide.Ended(0);
        return Workspace;
    }

    public void Dispose() => _folder.Dispose();

    // Not bound to the test that happens to ask first: another one may be waiting for the same runs.
    private async Task<(QfResult, QfResult)> RunTwiceAsync()
    {
        string[] arguments = ["demo", "--rounds", $"{Rounds}", "--seed", Seed, "--out", Workspace];
        // A password that the user's environment names is no party's of the demo.
        await using QfRun first = QfRun.Start(arguments, ("DOTNET_EnableAVX512", "0"), (AccountPasswordSource.FileVariable, "/dev/null"));
        QfResult narrow = await first.EndAsync(CancellationToken.None);
        _folder.CopyPublic(Workspace, "narrow");
        if (narrow.ExitCode == 0)
            File.Copy(Path.Combine(Workspace, "report.json"), Path.Combine(NarrowWorkspace, "report.json"));
        await using QfRun second = QfRun.Start(arguments);
        return (narrow, await second.EndAsync(CancellationToken.None));
    }
}
