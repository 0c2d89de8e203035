using System.Text.Json;

namespace QuantumFed.System.Tests;

/// <summary>The regulator's command, on public files alone, with every process stopped.</summary>
public sealed class AuditCommandTests(FinishedDemo demo)
{
    [Fact]
    public async Task Public_files_alone_verify_with_every_process_stopped()
    {
        string workspace = await demo.WorkspaceAsync();
        Assert.DoesNotContain(ProcessTable.Naming(workspace), process => process.Value.Contains("--settings") || process.Value.Contains("--state"));
        using TemporaryFolder folder = new();
        QfResult audit = (await VerifyAsync(folder.CopyPublic(workspace))).Ended(0);
        Assert.Equal(FinishedDemo.Rounds + 1, audit.Lines.Count(line => line.Contains("verified  4 members  4 attestations", StringComparison.Ordinal)));
        Assert.Contains("VERIFIED: 3 rounds replayed", audit.Output, StringComparison.Ordinal);
        Assert.Equal("", audit.Error);
    }

    [Fact]
    public async Task Verdicts_as_JSON_say_what_the_report_says()
    {
        string workspace = await demo.WorkspaceAsync();
        QfResult audit = (await VerifyAsync(workspace, "--json")).Ended(0);
        JsonElement verdict = JsonDocument.Parse(audit.Output).RootElement;
        Assert.True(verdict.GetProperty("verified").GetBoolean());
        Assert.Equal(3, verdict.GetProperty("roundsVerified").GetInt32());
        Assert.Equal(0, verdict.GetProperty("findings").GetArrayLength());
        Assert.Equal(FinishedDemo.ModelHashes(FinishedDemo.ReportOf(workspace)), FinishedDemo.ModelHashes(verdict));
    }

    [Fact]
    public async Task One_altered_byte_ends_with_code_4_and_the_objects_name()
    {
        using TemporaryFolder folder = new();
        string copy = folder.CopyPublic(await demo.WorkspaceAsync());
        string path = Directory.GetFiles(Path.Combine(copy, "archive", "objects"), "*", SearchOption.AllDirectories).MaxBy(file => new FileInfo(file).Length)!;
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        string digest = Path.GetFileName(Path.GetDirectoryName(path)) + Path.GetFileName(path);
        QfResult audit = (await VerifyAsync(copy)).Ended(4);
        Assert.Contains($"object {digest}: Its bytes were altered: {path}", audit.Output, StringComparison.Ordinal);
        Assert.Contains("NOT VERIFIED", audit.Output, StringComparison.Ordinal);
        QfResult json = (await VerifyAsync(copy, "--json")).Ended(4);
        JsonElement verdict = JsonDocument.Parse(json.Output).RootElement;
        Assert.False(verdict.GetProperty("verified").GetBoolean());
        Assert.Equal($"object {digest}", verdict.GetProperty("findings")[0].GetProperty("subject").GetString());
    }

    [Fact]
    public async Task An_altered_object_does_not_hide_which_rounds_still_hold()
    {
        using TemporaryFolder folder = new();
        string copy = folder.CopyPublic(await demo.WorkspaceAsync());
        string last = File.ReadLines(Path.Combine(copy, "archive", "rounds", "000002.index")).First().Split(' ')[1];
        string path = Path.Combine(copy, "archive", "objects", last[..2], last[2..]);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 0x80;
        File.WriteAllBytes(path, bytes);
        QfResult audit = (await VerifyAsync(copy)).Ended(4);
        Assert.Contains("round   0  verified", audit.Output, StringComparison.Ordinal);
        Assert.Contains("round   1  verified", audit.Output, StringComparison.Ordinal);
        Assert.Contains($"round   2  DOES NOT HOLD\n  round 2 finalization: The object {last} is missing or altered.", audit.Output, StringComparison.Ordinal);
        Assert.Contains($"object {last}: Its bytes were altered", audit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_no_workspace_ends_with_code_2()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        QfResult empty = (await VerifyAsync(folder.Root)).Ended(2);
        Assert.Equal($"qf: '{folder.Root}' holds no consortium.json, so it is not a workspace.\n", empty.Error);
        QfResult missing = (await VerifyAsync(folder.At("nowhere"))).Ended(2);
        Assert.Equal($"qf: There is no folder '{folder.At("nowhere")}'.\n", missing.Error);
    }

    [Fact]
    public async Task A_ledger_that_does_not_answer_is_no_verdict_but_code_6()
    {
        QfResult audit = (await VerifyAsync(await demo.WorkspaceAsync(), "--rpc", "http://127.0.0.1:1")).Ended(6);
        Assert.StartsWith("qf: http://127.0.0.1:1 cannot be reached", audit.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("VERIFIED", audit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_that_the_genesis_files_validators_did_not_seal_is_a_finding()
    {
        using TemporaryFolder folder = new();
        string genesis = folder.At("genesis.json");
        File.WriteAllText(
            genesis,
            $"{{\"config\":{{\"chainId\":20260,\"qbft\":{{}}}},\"extraData\":\"0xf83aa0{new string('0', 64)}d594eac51e3fe1afc9894f0dfeab8ceb471899b932dfc080c0\"}}");
        QfResult audit = (await VerifyAsync(await demo.WorkspaceAsync(), "--genesis", genesis)).Ended(4);
        Assert.Contains("seals: Block 0 is not of a QBFT network.\n", audit.Output, StringComparison.Ordinal);
        Assert.Contains("NOT VERIFIED: 1 findings, 3 rounds hold.", audit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_that_do_not_fit_say_so_before_anything_is_replayed()
    {
        using TemporaryFolder folder = new();
        string workspace = await demo.WorkspaceAsync();
        File.WriteAllText(folder.At("genesis.json"), "{}");
        QfResult none = (await VerifyAsync(workspace, "--genesis", folder.At("genesis.json"))).Ended(5);
        Assert.Equal($"qf: {folder.At("genesis.json")}: it is no genesis file of a QBFT network: it has no config.qbft\n", none.Error);
        Assert.Equal("qf: --rpc-token and --rpc-authority go with --rpc URL.\n", (await VerifyAsync(workspace, "--rpc-token", "token")).Ended(2).Error);
        Assert.StartsWith(
            "qf: The token would be sent to http://ledger.example unencrypted: use https",
            (await VerifyAsync(workspace, "--rpc", "http://ledger.example", "--rpc-token", "token")).Ended(2).Error,
            StringComparison.Ordinal);
    }

    private static Task<QfResult> VerifyAsync(string workspace, params string[] options) =>
        QfRun.ToEndAsync(["audit", "verify", "--workspace", workspace, .. options]);
}
