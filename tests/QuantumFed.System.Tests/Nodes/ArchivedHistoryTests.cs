using System.Collections.Immutable;
using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>A coordinator that starts again on the archive of a finished demo.</summary>
public sealed class ArchivedHistoryTests(FinishedDemo demo)
{
    [Fact]
    public async Task Every_round_replays_to_the_model_that_the_ledger_records()
    {
        using TemporaryFolder folder = new();
        string copy = folder.CopyPublic(await demo.WorkspaceAsync());
        var archive = new RoundArchive(Path.Combine(copy, "archive"));
        Assert.True(ConsortiumAgreement.TryParse(File.ReadAllBytes(Path.Combine(copy, "consortium.json")), out ConsortiumAgreement? agreement, out string? failure), failure);
        var history = new ArchivedHistory(archive);
        ModelState model = RoundTask.InitialModel(agreement.Task);
        foreach (RecordedRound round in Rounds(agreement, archive).Select(record => RecordedRounds.From(record, agreement)))
        {
            model = history.Replay(agreement, round, model);
            Assert.Equal(round.Model, Digest.Of(model.ToCanonicalBytes()));
        }
    }

    [Fact]
    public async Task An_archive_that_does_not_replay_is_no_place_to_go_on_from()
    {
        using TemporaryFolder folder = new();
        string copy = folder.CopyPublic(await demo.WorkspaceAsync());
        var archive = new RoundArchive(Path.Combine(copy, "archive"));
        Assert.True(ConsortiumAgreement.TryParse(File.ReadAllBytes(Path.Combine(copy, "consortium.json")), out ConsortiumAgreement? agreement, out _));
        RecordedRound first = RecordedRounds.From(Rounds(agreement, archive)[0], agreement);
        File.Delete(archive.Objects.PathOf(first.Model));
        var history = new ArchivedHistory(archive);
        RoundFailedException refusal = Assert.Throws<RoundFailedException>(() => history.Replay(agreement, first, RoundTask.InitialModel(agreement.Task)));
        Assert.Contains("model", refusal.Message, StringComparison.Ordinal);
    }

    private static ImmutableArray<RoundRecord> Rounds(ConsortiumAgreement agreement, RoundArchive archive)
    {
        Assert.True(archive.TryReadChain(out IReadOnlyList<Digest>? index));
        BlockEvidence[] blocks = [.. index.Select(digest =>
        {
            Assert.True(archive.Objects.TryRead(digest, out byte[]? data));
            Assert.True(BlockEvidence.TryParse(data, out BlockEvidence? block));
            return block;
        })];
        Assert.True(OfflineChain.TryVerify(blocks, agreement.Ledger.ChainId, out OfflineChain? chain, out string? failure), failure);
        Assert.True(chain.TryReadRounds(RecordedRounds.DeploymentOf(agreement), out ImmutableArray<RoundRecord> records, out failure), failure);
        return records;
    }
}
