using System.Text;
using System.Text.Json.Nodes;
using QuantumFed.Audit;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>An insider alters what a finished demo left behind; the auditor must say what.</summary>
public sealed class TamperedWorkspaceTests(FinishedDemo demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Copy => _folder.At("copy");

    private RoundArchive Archive => new(Path.Combine(Copy, "archive"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_flipped_byte_in_any_stored_object_is_found_and_named()
    {
        await CopyAsync();
        Assert.True(Verify().Verified);
        var random = new Random(1); // positions only
        string[] paths = [.. Archive.Objects.Files()];
        Assert.InRange(paths.Length, 100, 400);
        // All of them are altered at once below; one at a time, a third of them takes long enough.
        foreach (string path in paths.Where((_, i) => i % 3 == 0))
        {
            byte[] original = File.ReadAllBytes(path);
            byte[] altered = [.. original];
            altered[random.Next(altered.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, altered);
            Assert.Contains(Verify().AllFindings, finding => finding.Subject == $"object {DigestOf(path)}");
            File.WriteAllBytes(path, original);
        }
        Assert.True(Verify().Verified);
    }

    [Fact]
    public async Task All_altered_objects_are_named_at_once()
    {
        await CopyAsync();
        string[] paths = [.. Archive.Objects.Files()];
        foreach (string path in paths)
        {
            byte[] bytes = File.ReadAllBytes(path);
            bytes[^1] ^= 1;
            File.WriteAllBytes(path, bytes);
        }
        string[] named = [.. Verify().AllFindings.Select(finding => finding.Subject)];
        Assert.All(paths, path => Assert.Contains($"object {DigestOf(path)}", named));
    }

    [Fact]
    public async Task An_object_cut_short_or_emptied_is_found_and_named()
    {
        await CopyAsync();
        string path = Archive.Objects.PathOf(Round(1).Finalization);
        byte[] original = File.ReadAllBytes(path);
        foreach (int length in (int[])[0, 1, original.Length - 1])
        {
            File.WriteAllBytes(path, original[..length]);
            AssertNamed($"object {Round(1).Finalization}");
        }
    }

    [Fact]
    public async Task Any_object_that_is_missing_is_found()
    {
        await CopyAsync();
        foreach (string path in Archive.Objects.Files().Where((_, i) => i % 3 == 1).ToArray())
        {
            File.Move(path, _folder.At("aside"));
            AuditReport report = Verify();
            File.Move(_folder.At("aside"), path);
            Assert.False(report.Verified, $"object {DigestOf(path)} is not missed");
            Assert.NotEmpty(report.AllFindings);
        }
    }

    [Fact]
    public async Task A_missing_or_altered_round_index_is_named()
    {
        await CopyAsync();
        string path = Archive.RoundIndexPath(new RoundId(1));
        string index = File.ReadAllText(path);
        string[] lines = index.Split('\n');
        File.Delete(path);
        AssertNamed("round 1");
        foreach (string altered in (string[])["", "garbage", lines[0], index + "garbage\n", index.Replace("finalization", "finalisation", StringComparison.Ordinal),
            string.Join('\n', lines.Where((_, i) => i != 2)), index + lines[1] + "\n", index.ToUpperInvariant()])
        {
            File.WriteAllText(path, altered);
            AssertNamed("round 1");
        }
    }

    [Fact]
    public async Task A_round_that_does_not_replay_is_named_alone_and_the_others_are_judged_from_the_recorded_model()
    {
        await CopyAsync();
        File.Delete(Archive.Objects.PathOf(CiphertextOf(1)));
        AuditReport report = Verify();
        Assert.False(report.Verified);
        Assert.Null(report.Model);
        Assert.Equal([true, false, true], report.Rounds.Select(round => round.Verified));
        // Without the model either, what follows cannot be judged, and that is said.
        File.Delete(Archive.Objects.PathOf(Digest.Parse(FinishedDemo.ModelHashes(FinishedDemo.ReportOf(demo.Workspace))[1])));
        report = Verify();
        Assert.Equal([true, false], report.Rounds.Select(round => round.Verified));
        AssertNamed("round 2");
    }

    private Digest CiphertextOf(ulong round)
    {
        Assert.True(Archive.TryReadRound(new RoundId(round), out RoundIndex? index));
        Assert.True(Archive.Objects.TryRead(index.Finalization, out byte[]? data));
        Assert.True(SignedMessage.TryParse(data, out SignedMessage? message));
        Assert.True(message.TryReadUnverified(out Finalization? finalization));
        Assert.True(Archive.Objects.TryRead(finalization.Transcript, out data));
        Assert.True(TranscriptIndex.TryParse(data, out TranscriptIndex? transcript));
        return transcript.Entries.First(entry => entry.Label.StartsWith("ciphertext/", StringComparison.Ordinal)).Digest;
    }

    [Fact]
    public async Task Rounds_that_change_places_are_named()
    {
        await CopyAsync();
        (string first, string second) = (Archive.RoundIndexPath(new RoundId(1)), Archive.RoundIndexPath(new RoundId(2)));
        byte[] bytes = File.ReadAllBytes(first);
        File.Copy(second, first, overwrite: true);
        File.WriteAllBytes(second, bytes);
        AssertNamed("round 1");
    }

    [Fact]
    public async Task A_model_in_another_models_place_is_named()
    {
        await CopyAsync();
        string[] hashes = FinishedDemo.ModelHashes(FinishedDemo.ReportOf(demo.Workspace));
        (Digest first, Digest second) = (Digest.Parse(hashes[1]), Digest.Parse(hashes[2]));
        File.Copy(Archive.Objects.PathOf(first), Archive.Objects.PathOf(second), overwrite: true);
        AssertNamed($"object {second}");
    }

    [Fact]
    public async Task Every_line_of_the_chains_list_that_is_deleted_moved_or_doubled_is_found()
    {
        await CopyAsync();
        string path = Archive.ChainIndexPath;
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            File.WriteAllLines(path, lines.Where((_, line) => line != i));
            Assert.False(Verify().Verified, $"line {i} is not missed");
        }
        File.WriteAllLines(path, [.. lines[..5], lines[6], lines[5], .. lines[7..]]);
        AssertNamed("chain");
        File.WriteAllLines(path, [$"blocks {lines.Length}", .. lines[1..], lines[^1]]);
        AssertNamed("chain");
        File.WriteAllLines(path, [.. lines, "garbage"]);
        AssertNamed("chain.index");
        File.WriteAllText(path, "");
        Assert.False(Verify().Verified);
        File.Delete(path);
        AssertNamed("chain.index");
    }

    [Fact]
    public async Task A_chain_cut_short_with_its_count_adjusted_loses_attestations_and_then_is_found()
    {
        await CopyAsync();
        string[] blocks = File.ReadAllLines(Archive.ChainIndexPath)[1..];
        int attestations = Verify().Rounds[^1].Attestations.Count;
        Assert.Equal(4, attestations);
        // The chain ends in the last round's attestations, one or more a block; before them is its finalisation, without which it is not over.
        int kept = blocks.Length;
        while (attestations > 0)
        {
            CutTo(--kept);
            int left = Verify().Rounds[^1].Attestations.Count;
            Assert.InRange(left, 0, attestations - 1);
            attestations = left;
        }
        CutTo(kept - 1);
        AssertNamed("round 2");
        // Down to a chain without the last round at all: the round's own index is left over.
        while (Verify().Rounds.Count == 3)
            CutTo(--kept);
        AssertNamed("round 2");
        File.Delete(Archive.RoundIndexPath(new RoundId(2)));
        AuditReport shorter = Verify();
        Assert.Equal((true, 2, 3), (shorter.Verified, shorter.RoundsVerified, shorter.RoundsAgreed));

        void CutTo(int count) => File.WriteAllLines(Archive.ChainIndexPath, blocks[..count].Prepend($"blocks {count}"));
    }

    [Fact]
    public async Task Every_value_of_the_agreement_is_bound()
    {
        await CopyAsync();
        string path = Path.Combine(Copy, "consortium.json");
        string text = File.ReadAllText(path);
        JsonNode agreement = JsonNode.Parse(text)!;
        string[] leaves = [.. Leaves(agreement).Select(leaf => leaf.GetPath())];
        Assert.InRange(leaves.Length, 20, 1000);
        foreach (string leaf in leaves)
        {
            JsonNode altered = JsonNode.Parse(text)!;
            JsonValue value = Leaves(altered).Single(candidate => candidate.GetPath() == leaf);
            value.ReplaceWith(Another(value));
            File.WriteAllText(path, altered.ToJsonString());
            AuditReport report = Verify();
            Assert.False(report.Verified, $"{leaf} is not bound");
            Assert.Contains(report.AllFindings, finding => finding.Subject.StartsWith("agreement", StringComparison.Ordinal)
                || finding.Subject.StartsWith("consent", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_consent_that_is_altered_missing_or_anothers_is_named()
    {
        await CopyAsync();
        string path = Path.Combine(Copy, "consents", "north.signed");
        byte[] consent = File.ReadAllBytes(path);
        foreach (int position in (int[])[0, consent.Length / 2, consent.Length - 1])
        {
            byte[] altered = [.. consent];
            altered[position] ^= 1;
            File.WriteAllBytes(path, altered);
            AssertNamed("consent of 'north'");
        }
        File.Copy(Path.Combine(Copy, "consents", "st-anne.signed"), path, overwrite: true);
        AssertNamed("consent of 'north'");
        File.Delete(path);
        AssertNamed("consent of 'north'");
    }

    [Fact]
    public async Task Another_consortiums_archive_does_not_pass_for_this_one()
    {
        await CopyAsync();
        Directory.Delete(Path.Combine(Copy, "archive"), recursive: true);
        using TemporaryFolder other = new();
        Directory.Move(Path.Combine(other.CopyPublic(demo.NarrowWorkspace), "archive"), Path.Combine(Copy, "archive"));
        Assert.False(Verify().Verified);
    }

    [Fact]
    public async Task A_file_that_is_no_object_is_named()
    {
        await CopyAsync();
        string path = Path.Combine(Copy, "archive", "objects", "notes.txt");
        File.WriteAllText(path, "not ours", Encoding.UTF8);
        AssertNamed(path);
    }

    private static IEnumerable<JsonValue> Leaves(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(pair => Leaves(pair.Value)),
        JsonArray list => list.SelectMany(Leaves),
        JsonValue value => [value],
        _ => [],
    };

    // A value of the same kind that differs as little as it can.
    private static JsonValue Another(JsonValue value)
    {
        if (value.TryGetValue(out bool flag))
            return JsonValue.Create(!flag);
        if (value.TryGetValue(out double number))
            return JsonValue.Create(number + 1);
        string text = value.GetValue<string>();
        char last = text.Length == 0 ? ' ' : text[^1];
        return JsonValue.Create(text.Length == 0 ? "x" : text[..^1] + (last is '0' ? '1' : '0'));
    }

    private async Task CopyAsync()
    {
        Requires.PostQuantum();
        _folder.CopyPublic(await demo.WorkspaceAsync());
    }

    private static Digest DigestOf(string path)
    {
        Assert.True(ObjectStore.TryDigestOf(path, out Digest digest));
        return digest;
    }

    private AuditReport Verify() => ConsortiumAuditor.Run(
        new AuditSource(Path.Combine(Copy, "consortium.json"), Path.Combine(Copy, "consents"), Path.Combine(Copy, "archive")));

    private void AssertNamed(string name)
    {
        AuditReport report = Verify();
        Assert.False(report.Verified);
        Assert.Contains(report.AllFindings, finding => finding.Subject.Contains(name, StringComparison.Ordinal));
    }

    private RoundIndex Round(ulong round)
    {
        Assert.True(Archive.TryReadRound(new RoundId(round), out RoundIndex? index));
        return index;
    }
}
