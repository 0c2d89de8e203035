using QuantumFed.Cli;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>A demo never touches a folder that is not its own, and says why in a sentence.</summary>
public sealed class DemoFolderTests
{
    [Fact]
    public async Task A_folder_that_is_not_a_workspace_is_refused_untouched()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.At("thesis.txt"), "years of work");
        Directory.CreateDirectory(folder.At("archive"));
        QfResult run = (await QfRun.ToEndAsync(["demo", "--out", folder.Root])).Ended(2);
        Assert.Equal($"qf: '{folder.Root}' is not empty and not a workspace of this program; choose another folder with --out DIR.\n", run.Error);
        Assert.Equal("", run.Output);
        Assert.Equal([folder.At("archive"), folder.At("thesis.txt")], Directory.GetFileSystemEntries(folder.Root).Order(StringComparer.Ordinal));
        Assert.Equal("years of work", File.ReadAllText(folder.At("thesis.txt")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"quantumfedWorkspace\":")]
    public async Task A_folder_with_another_programs_marker_is_refused_untouched(string marker)
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.At("workspace.json"), marker);
        (await QfRun.ToEndAsync(["demo", "--out", folder.Root])).Ended(2);
        Assert.Equal(marker, File.ReadAllText(folder.At("workspace.json")));
        Assert.Single(Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public async Task A_run_that_is_interrupted_while_it_reads_its_data_leaves_an_earlier_workspace_as_it_is()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.At("workspace.json"), "{\"quantumfedWorkspace\":1}\n");
        File.WriteAllText(folder.At("report.json"), "an earlier result");
        var data = new DatasetChoice("synthetic", null, 3, 1, null, null, null, null, null, []);
        var training = new TrainingChoice
        {
            Method = null, Model = null, Hidden = null, Standardise = Standardise.Federated, Rounds = 1, Epochs = null, BatchSize = null, Optimizer = null,
            LearningRate = null, WeightDecay = null, Proximal = null, ServerLearningRate = null, ClipNorm = null,
        };
        await using var view = new JsonView(TextWriter.Null, TextWriter.Null, TimeProvider.System);
        await Assert.ThrowsAsync<OperationCanceledException>(() => DemoRunner.RunAsync(
            new DemoOptions(data, training, null, TimeSpan.FromSeconds(60), folder.Root, Keep: false, Links: null, "./qf demo"),
            view, TimeProvider.System, new CancellationToken(canceled: true)));
        Assert.Equal("an earlier result", File.ReadAllText(folder.At("report.json")));
    }

    [Fact]
    public void A_workspace_is_claimed_by_one_run_at_a_time()
    {
        using TemporaryFolder folder = new();
        string result = folder.At("report.json");
        using (DemoWorkspace claim = DemoWorkspace.Claim(folder.Root))
        {
            File.WriteAllText(result, "a result");
            Assert.Contains("a run that goes on", Assert.Throws<UsageException>(() => DemoWorkspace.Claim(folder.Root)).Message, StringComparison.Ordinal);
            Assert.Equal("a result", File.ReadAllText(result));
            Assert.True(File.Exists(claim.Layout.Marker));
        }
        // The lock went with its holder, and left nothing.
        Assert.Equal([result, folder.At("workspace.json")], Directory.GetFileSystemEntries(folder.Root).Order(StringComparer.Ordinal));
        // What a killed run leaves is no obstacle.
        File.WriteAllText(folder.At(".lock"), "");
        DemoWorkspace.Claim(folder.Root).Dispose();
        Assert.False(File.Exists(result));
    }

    [Fact]
    public void A_full_disk_leaves_no_half_written_claim_on_the_folder()
    {
        using SmallDisk disk = SmallDisk.OfKilobytes(16);
        string filler = Path.Combine(disk.Root, "filler"), folder = Path.Combine(disk.Root, "w");
        File.WriteAllBytes(filler, new byte[16 << 10]);
        Assert.Throws<IOException>(() => DemoWorkspace.Claim(folder));
        File.Delete(filler);
        using DemoWorkspace claim = DemoWorkspace.Claim(folder);
        Assert.True(File.Exists(claim.Layout.Marker));
    }

    [Fact]
    public async Task A_file_as_folder_is_refused()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.At("file"), "mine");
        QfResult run = (await QfRun.ToEndAsync(["demo", "--out", folder.At("file")])).Ended(2);
        Assert.Equal($"qf: '{folder.At("file")}' is a file; choose a folder with --out DIR.\n", run.Error);
        Assert.Equal("mine", File.ReadAllText(folder.At("file")));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_refused_with_a_sentence()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.At("file"), "");
        QfResult run = await QfRun.ToEndAsync(["demo", "--out", folder.At("file", "below")]);
        Assert.InRange(run.ExitCode, 1, 5);
        Assert.StartsWith("qf: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
