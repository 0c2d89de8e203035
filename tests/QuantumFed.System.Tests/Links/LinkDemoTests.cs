using System.Text.Json;
using QuantumFed.Audit;
using QuantumFed.Federation;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>Demos with quantum links, whole and tapped, from the members' seals to the audit.</summary>
public sealed class LinkDemoTests : IDisposable
{
    private static readonly string[] s_members = ["north", "riverside", "st-anne"];

    private readonly TemporaryFolder _folder = new();

    private string Workspace => _folder.At("w");

    private RoundArchive Archive => new(Path.Combine(Workspace, "archive"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_update_of_a_linked_demo_is_sealed_with_a_quantum_key_and_the_report_says_that_it_is_simulated()
    {
        JsonElement report = await DemoAsync(["--members", "3"]);
        for (ulong round = 0; round < 2; round++)
            Assert.All(s_members, member => Assert.Equal(PayloadMode.MLKemAndQuantumKey, ModeOf(round, member)));
        JsonElement[] links = [.. report.GetProperty("quantumLinks").EnumerateArray()];
        Assert.Equal(s_members, links.Select(link => link.GetProperty("member").GetString()));
        Assert.All(links, link =>
        {
            Assert.True(link.GetProperty("simulated").GetBoolean());
            // One in each of two rounds.
            Assert.Equal(2, link.GetProperty("keysUsed").GetInt32());
            Assert.InRange(link.GetProperty("blocksDelivered").GetInt32(), 1, 100);
            Assert.Equal(JsonValueKind.Null, link.GetProperty("alarm").ValueKind);
        });
        Assert.All(Rounds(report), round => Assert.Equal(0, round.GetProperty("linkReports").GetArrayLength()));

        Flip(EntryOf(1, TranscriptLabels.Seal(MemberId.Parse("north"))));
        NotVerified(EntryOf(1, TranscriptLabels.Seal(MemberId.Parse("north"))));
    }

    [Fact]
    public async Task A_tapped_member_withholds_its_update_and_the_round_goes_on_without_it()
    {
        // Of four: a round takes three at least.
        JsonElement report = await DemoAsync(["--eavesdrop", "north"]);
        Assert.All(Rounds(report), round =>
        {
            Assert.Equal(["lakeside", "riverside", "st-anne"], round.GetProperty("participants").EnumerateArray().Select(name => name.GetString()));
            JsonElement exclusion = Assert.Single(round.GetProperty("exclusions").EnumerateArray());
            Assert.Equal(("north", "QuantumLinkDown"), (exclusion.GetProperty("member").GetString(), exclusion.GetProperty("reason").GetString()));
            JsonElement told = Assert.Single(round.GetProperty("linkReports").EnumerateArray());
            Assert.Equal(
                ("north", "withheld", "LinkAlarm"),
                (told.GetProperty("member").GetString(), told.GetProperty("outcome").GetString(), told.GetProperty("failure").GetString()));
            Assert.Matches("^0x[0-9a-f]{64}$", told.GetProperty("transaction").GetString());
        });
        JsonElement link = report.GetProperty("quantumLinks").EnumerateArray().Single(link => link.GetProperty("member").GetString() == "north");
        Assert.Equal(("intercept-resend", 0), (link.GetProperty("eavesdropper").GetString(), link.GetProperty("keysUsed").GetInt32()));
        Assert.Contains("% of the bits are wrong", link.GetProperty("alarm").GetString(), StringComparison.Ordinal);
        await RequireAuditedReportsAsync("withheld");

        Digest told = EntryOf(1, TranscriptLabels.LinkReport(MemberId.Parse("north")));
        Flip(told);
        NotVerified(told);
    }

    [Fact]
    public async Task A_tapped_member_whose_policy_allows_it_goes_on_with_ML_KEM_alone_on_the_record()
    {
        JsonElement report = await DemoAsync(["--members", "3", "--eavesdrop", "north", "--qkd-policy", "allow-pq-only"]);
        Assert.All(Rounds(report), round =>
        {
            Assert.Equal(s_members, round.GetProperty("participants").EnumerateArray().Select(name => name.GetString()));
            Assert.Equal("downgraded", Assert.Single(round.GetProperty("linkReports").EnumerateArray()).GetProperty("outcome").GetString());
        });
        for (ulong round = 0; round < 2; round++)
            Assert.All(s_members, member => Assert.Equal(member == "north" ? PayloadMode.MLKemOnly : PayloadMode.MLKemAndQuantumKey, ModeOf(round, member)));
        await RequireAuditedReportsAsync("downgraded");
    }

    [Theory]
    [InlineData("demo --qkd --eavesdrop nobody", "--eavesdrop takes one of the members, north, riverside, st-anne, lakeside, not 'nobody'.")]
    [InlineData("demo --eavesdrop north", "--eavesdrop and --qkd-policy are about quantum links; add --qkd.")]
    [InlineData("demo --qkd-policy require", "--eavesdrop and --qkd-policy are about quantum links; add --qkd.")]
    [InlineData("demo --qkd --qkd-policy hope", "--qkd-policy takes require, \"wait N s\" (N = 1 to 3600) or allow-pq-only, not 'hope'.")]
    public async Task A_mistake_about_links_ends_with_code_2(string arguments, string sentence)
    {
        Requires.Launcher();
        QfResult run = (await QfRun.ToEndAsync([.. arguments.Split(' '), "--out", Workspace])).Ended(2);
        Assert.Equal("qf: " + sentence, run.ErrorLines[0]);
        Assert.False(Path.Exists(Path.Combine(Workspace, "consortium.json")));
    }

    private async Task<JsonElement> DemoAsync(string[] options)
    {
        Requires.Launcher();
        Requires.PostQuantum();
        QfResult run = (await QfRun.ToEndAsync(["demo", "--qkd", "--rounds", "1", "--seed", "4", "--json", "--out", Workspace, .. options])).Ended(0);
        Assert.Empty(run.ErrorLines);
        Assert.Equal("Completed", JsonDocument.Parse(run.Lines[^1]).RootElement.GetProperty("event").GetString());
        Assert.Empty(ProcessTable.Naming(_folder.Root));
        JsonElement report = FinishedDemo.ReportOf(Workspace);
        Assert.True(report.GetProperty("audit").GetProperty("verified").GetBoolean());
        return report;
    }

    private async Task RequireAuditedReportsAsync(string outcome)
    {
        QfResult audit = (await QfRun.ToEndAsync(["audit", "verify", "--workspace", Workspace, "--json"])).Ended(0);
        JsonElement[] rounds = Rounds(JsonDocument.Parse(audit.Output).RootElement);
        Assert.Equal(2, rounds.Length);
        Assert.All(rounds, round =>
        {
            JsonElement told = Assert.Single(round.GetProperty("linkReports").EnumerateArray());
            Assert.Equal(
                ("north", outcome, "LinkAlarm"),
                (told.GetProperty("member").GetString(), told.GetProperty("outcome").GetString()!.ToLowerInvariant(), told.GetProperty("failure").GetString()));
        });
    }

    private static JsonElement[] Rounds(JsonElement report) => [.. report.GetProperty("rounds").EnumerateArray()];

    private PayloadMode ModeOf(ulong round, string member)
    {
        Assert.True(Archive.Objects.TryRead(EntryOf(round, TranscriptLabels.Seal(MemberId.Parse(member))), out byte[]? data));
        Assert.True(SignedMessage.TryParse(data, out SignedMessage? message));
        Assert.True(message.TryReadUnverified(out PayloadHeader? header));
        return header.Mode;
    }

    private Digest EntryOf(ulong round, string label)
    {
        Assert.True(Archive.TryReadRound(new RoundId(round), out RoundIndex? index));
        Assert.True(Archive.Objects.TryRead(index.Finalization, out byte[]? data));
        Assert.True(SignedMessage.TryParse(data, out SignedMessage? message));
        Assert.True(message.TryReadUnverified(out Finalization? finalization));
        Assert.True(Archive.Objects.TryRead(finalization.Transcript, out data));
        Assert.True(TranscriptIndex.TryParse(data, out TranscriptIndex? transcript));
        return transcript.Entries.Single(entry => entry.Label == label).Digest;
    }

    private void Flip(Digest digest)
    {
        string path = Archive.Objects.PathOf(digest);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private void NotVerified(Digest digest)
    {
        AuditReport audit = ConsortiumAuditor.Run(
            new AuditSource(Path.Combine(Workspace, "consortium.json"), Path.Combine(Workspace, "consents"), Path.Combine(Workspace, "archive")));
        Assert.False(audit.Verified);
        Assert.Contains(audit.AllFindings, finding => finding.Subject == $"object {digest}");
        // And the round that it belongs to, with what is wrong there.
        Assert.Contains(audit.Rounds, round => round is { Verified: false } && round.Round == new RoundId(1));
    }
}
