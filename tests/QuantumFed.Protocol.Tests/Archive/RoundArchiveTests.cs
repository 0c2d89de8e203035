namespace QuantumFed.Protocol.Tests;

public sealed class RoundArchiveTests
{
    private static readonly RoundIndex Index = new(
        new RoundId(3), Sample.Of("finalization"),
        new Dictionary<MemberId, Digest> { [Sample.West] = Sample.Of("w"), [Sample.East] = Sample.Of("e") });

    [Fact]
    public void A_round_comes_back_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        new RoundArchive(folder.Path).Write(Index);
        Assert.True(new RoundArchive(folder.Path).TryReadRound(new RoundId(3), out RoundIndex? read));
        Assert.Equal((Index.Round, Index.Finalization), (read.Round, read.Finalization));
        Assert.Equal(Index.Attestations.OrderBy(pair => pair.Key), read.Attestations.OrderBy(pair => pair.Key));
        Assert.False(new RoundArchive(folder.Path).TryReadRound(new RoundId(4), out _));
    }

    [Fact]
    public void The_text_of_an_index_does_not_change()
    {
        using var folder = new TemporaryFolder();
        var archive = new RoundArchive(folder.Path);
        archive.Write(Index);
        Assert.Equal(folder.At("rounds", "000003.index"), archive.RoundIndexPath(new RoundId(3)));
        Assert.Equal(
            $"finalization {Sample.Of("finalization")}\nattestation/east {Sample.Of("e")}\nattestation/west {Sample.Of("w")}\n",
            File.ReadAllText(archive.RoundIndexPath(new RoundId(3))));
    }

    [Fact]
    public void A_later_index_of_the_same_round_takes_the_place_of_the_first()
    {
        using var folder = new TemporaryFolder();
        var archive = new RoundArchive(folder.Path);
        archive.Write(Index with { Attestations = new Dictionary<MemberId, Digest>() });
        archive.Write(Index);
        Assert.True(archive.TryReadRound(new RoundId(3), out RoundIndex? read));
        Assert.Equal(2, read.Attestations.Count);
    }

    [Fact]
    public void A_damaged_index_is_not_read()
    {
        using var folder = new TemporaryFolder();
        var archive = new RoundArchive(folder.Path);
        archive.Write(Index);
        string path = archive.RoundIndexPath(new RoundId(3)), good = File.ReadAllText(path);
        string digest = Sample.Of("finalization").ToString(), finalization = $"finalization {digest}\n";
        string[] damaged =
        [
            "", "\n", good + "\n", good + finalization, good[finalization.Length..], good + $"attestation/east {digest}\n", good[..^3],
            good + $"attestation/ {digest}\n", good + $"attestation/.. {digest}\n", good + $"note {digest}\n",
            good.Replace(' ', '\t'), good.Replace(digest, digest[1..] + "g", StringComparison.Ordinal), "\0" + good,
        ];
        foreach (string text in damaged)
        {
            File.WriteAllText(path, text);
            Assert.False(archive.TryReadRound(new RoundId(3), out RoundIndex? read), text);
            Assert.Null(read);
        }
        File.WriteAllText(path, good);
        Assert.True(archive.TryReadRound(new RoundId(3), out _));
    }

    [Fact]
    public void The_list_of_blocks_comes_back_and_a_damaged_one_does_not()
    {
        using var folder = new TemporaryFolder();
        var archive = new RoundArchive(folder.Path);
        Assert.False(archive.TryReadChain(out _));
        Digest[] blocks = [Sample.Of("b0"), Sample.Of("b1"), Sample.Of("b2")];
        archive.WriteChain(blocks);
        Assert.True(archive.TryReadChain(out IReadOnlyList<Digest>? read));
        Assert.Equal(blocks, read);
        string[] lines = File.ReadAllLines(archive.ChainIndexPath);
        Assert.Equal("blocks 3", lines[0]);
        File.WriteAllLines(archive.ChainIndexPath, lines[..^1]);
        Assert.False(archive.TryReadChain(out _));
        File.WriteAllLines(archive.ChainIndexPath, lines[1..]);
        Assert.False(archive.TryReadChain(out _));
        File.WriteAllLines(archive.ChainIndexPath, [.. lines, "more"]);
        Assert.False(archive.TryReadChain(out read));
        Assert.Null(read);
    }

    [Fact]
    public void The_rounds_that_have_an_index_are_known_in_order()
    {
        using var folder = new TemporaryFolder();
        var archive = new RoundArchive(folder.Path);
        Assert.Empty(archive.Rounds());
        foreach (ulong round in (ulong[])[10, 2, 3])
            archive.Write(new RoundIndex(new RoundId(round), Sample.Of("end"), new Dictionary<MemberId, Digest>()));
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(archive.RoundIndexPath(new RoundId(2)))!, "notes.index"), "");
        Assert.Equal([new RoundId(2), new RoundId(3), new RoundId(10)], archive.Rounds());
    }

    [Fact]
    public void Objects_lie_in_the_archives_folder()
    {
        using var folder = new TemporaryFolder();
        var archive = new RoundArchive(folder.Path);
        Digest digest = archive.Objects.Put([1]);
        Assert.StartsWith(folder.At("objects"), archive.Objects.PathOf(digest), StringComparison.Ordinal);
    }
}
