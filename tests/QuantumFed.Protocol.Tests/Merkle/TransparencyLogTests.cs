using System.Buffers.Binary;
using System.Globalization;

namespace QuantumFed.Protocol.Tests;

/// <summary>A log of 15 entries that an independent program kept, at each of its sizes: RFC 6962's tree, laid out as C2SP's tlog-tiles.</summary>
public sealed class TransparencyLogTests
{
    private const int Sizes = 15;
    private const string Log = "vectors/ethereum/tlog/testdata/log";

    [Fact]
    public void Every_tile_holds_the_hashes_of_the_entries_of_its_size()
    {
        for (int size = 1; size <= Sizes; size++)
        {
            List<byte[]> entries = Entries(size);
            Assert.Equal(size, entries.Count);
            byte[] tile = Requires.Shared($"{Log}/tile/0/000.p/{size}");
            Assert.Equal(tile, entries.SelectMany(entry => MerkleTree.HashLeaf(entry).ToArray()));
        }
    }

    [Fact]
    public void Every_checkpoint_names_the_root_of_the_entries_of_its_size()
    {
        List<byte[]> entries = Entries(Sizes);
        string[] names = [.. Enumerable.Range(0, Sizes + 1).Select(size => $"checkpoint.{size}"), "checkpoint"];
        foreach (string name in names)
        {
            string[] lines = System.Text.Encoding.UTF8.GetString(Requires.Shared($"{Log}/{name}")).Split('\n');
            int size = int.Parse(lines[1], CultureInfo.InvariantCulture);
            Assert.Equal(name == "checkpoint" ? Sizes : int.Parse(name["checkpoint.".Length..], CultureInfo.InvariantCulture), size);
            Assert.Equal(lines[2], Convert.ToBase64String(MerkleTree.RootOf(entries[..size]).ToArray()));
        }
    }

    private static List<byte[]> Entries(int size)
    {
        ReadOnlySpan<byte> bundle = Requires.Shared($"{Log}/tile/entries/000.p/{size}");
        var entries = new List<byte[]>();
        while (!bundle.IsEmpty)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(bundle);
            entries.Add(bundle.Slice(2, length).ToArray());
            bundle = bundle[(2 + length)..];
        }
        return entries;
    }
}
