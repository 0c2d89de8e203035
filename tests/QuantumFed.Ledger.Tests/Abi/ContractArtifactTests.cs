using System.Diagnostics;

namespace QuantumFed.Ledger.Tests;

public sealed class ContractArtifactTests
{
    [Fact]
    public async Task Compiling_the_sources_gives_the_committed_artifacts_byte_for_byte()
    {
        string contracts = Path.Combine(TestFiles.RepositoryRoot, "contracts");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(contracts, "node_modules", "solc")),
            "The Solidity compiler is not here: run `npm ci --ignore-scripts` in contracts.");
        string target = Directory.CreateTempSubdirectory("qf-artifacts-").FullName;
        try
        {
            ProcessStartInfo start = new("node", ["scripts/build.js", target]) { WorkingDirectory = contracts, RedirectStandardError = true, RedirectStandardOutput = true };
            using Process node = Process.Start(start)!;
            Task<string> errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            _ = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await node.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(node.ExitCode == 0, await errors);
            string[] names = ["ConsortiumRegistry.json", "RoundLedger.json"];
            Assert.Equal(names, Directory.EnumerateFiles(target).Select(Path.GetFileName).Order());
            foreach (string name in names)
                Assert.Equal(await ReadAsync(Path.Combine(contracts, "artifacts", name)), await ReadAsync(Path.Combine(target, name)));
        }
        finally
        {
            Directory.Delete(target, recursive: true);
        }
    }

    [Fact]
    public void Immutables_are_masked_and_nothing_else_is()
    {
        byte[] code = [.. ContractArtifact.RoundLedger.RuntimeCode];
        Assert.True(ContractArtifact.RoundLedger.IsRuntimeCode(code));
        Assert.False(ContractArtifact.ConsortiumRegistry.IsRuntimeCode(code));
        code[10] ^= 1;
        Assert.False(ContractArtifact.RoundLedger.IsRuntimeCode(code));
        Assert.False(ContractArtifact.RoundLedger.IsRuntimeCode([]));
    }

    private static Task<string> ReadAsync(string path) => File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
}
