namespace QuantumFed.System.Tests;

public sealed class ReproducibilityTests(FinishedDemo demo)
{
    [Fact]
    public async Task The_same_seed_gives_the_same_model_in_every_round_also_without_AVX_512()
    {
        string workspace = await demo.WorkspaceAsync();
        string[] hashes = FinishedDemo.ModelHashes(FinishedDemo.ReportOf(workspace));
        Assert.Equal(FinishedDemo.Rounds + 1, hashes.Distinct().Count());
        Assert.Equal(hashes, FinishedDemo.ModelHashes(FinishedDemo.ReportOf(demo.NarrowWorkspace)));
    }

    [Fact]
    public async Task Another_seed_gives_other_models()
    {
        string workspace = await demo.WorkspaceAsync();
        using TemporaryFolder folder = new();
        (await QfRun.ToEndAsync(["demo", "--rounds", "1", "--seed", "8", "--out", folder.At("w")])).Ended(0);
        string[] hashes = FinishedDemo.ModelHashes(FinishedDemo.ReportOf(folder.At("w")));
        Assert.Equal(2, hashes.Length);
        Assert.Empty(hashes.Intersect(FinishedDemo.ModelHashes(FinishedDemo.ReportOf(workspace))));
    }

    [Fact]
    public async Task A_workspace_made_without_AVX_512_verifies_with_it()
    {
        await demo.WorkspaceAsync();
        (await QfRun.ToEndAsync(["audit", "verify", "--workspace", demo.NarrowWorkspace])).Ended(0);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task A_workspace_verifies_on_a_narrower_machine(string instructions)
    {
        string workspace = await demo.WorkspaceAsync();
        QfResult audit = (await QfRun.ToEndAsync(["audit", "verify", "--workspace", workspace], (instructions, "0"))).Ended(0);
        Assert.Contains("VERIFIED: 3 rounds", audit.Output, StringComparison.Ordinal);
    }
}
