using System.Buffers.Binary;
using System.Globalization;

namespace QuantumFed.Protocol.Tests;

public sealed class MerkleTreeTests
{
    // The leaves and roots of Certificate Transparency's reference tree (RFC 6962).
    private static readonly string[] Leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void The_root_is_that_of_the_reference_tree(int size, string root) =>
        Assert.Equal(root, MerkleTree.RootOf([.. Leaves.Take(size).Select(Convert.FromHexString)]).ToString());

    [Fact]
    public void The_root_is_that_of_every_checkpoint_of_an_independent_log()
    {
        byte[][] entries = [.. ReadEntries(File.ReadAllBytes(Vector("tessera-entries-15")))];
        Assert.Equal(15, entries.Length);
        string[] checkpoints = File.ReadAllLines(Vector("tessera-roots.txt"));
        Assert.Equal(16, checkpoints.Length);
        foreach (string[] checkpoint in checkpoints.Select(line => line.Split(' ')))
        {
            int size = int.Parse(checkpoint[0], CultureInfo.InvariantCulture);
            Assert.Equal(checkpoint[1], Convert.ToBase64String(MerkleTree.RootOf(entries[..size]).ToArray()));
        }
    }

    [Fact]
    public void Any_change_of_a_leaf_its_place_or_their_number_changes_the_root()
    {
        byte[][] leaves = [.. Leaves.Select(Convert.FromHexString)];
        var roots = new HashSet<Digest> { MerkleTree.RootOf(leaves) };
        for (int i = 0; i < leaves.Length; i++)
        {
            byte[][] longer = [.. leaves];
            longer[i] = [.. leaves[i], 0];
            Assert.True(roots.Add(MerkleTree.RootOf(longer)));
            byte[][] swapped = [.. leaves];
            (swapped[i], swapped[(i + 1) % leaves.Length]) = (leaves[(i + 1) % leaves.Length], leaves[i]);
            Assert.True(roots.Add(MerkleTree.RootOf(swapped)));
            Assert.True(roots.Add(MerkleTree.RootOf([.. leaves, leaves[i]])));
        }
    }

    [Fact]
    public void A_node_does_not_pass_for_a_leaf()
    {
        byte[][] leaves = [[1], [2]];
        byte[] node = [.. MerkleTree.HashLeaf(leaves[0]).ToArray(), .. MerkleTree.HashLeaf(leaves[1]).ToArray()];
        Assert.NotEqual(MerkleTree.RootOf(leaves), MerkleTree.RootOf([node]));
    }

    private static string Vector(string name) => Path.Combine(AppContext.BaseDirectory, "Vectors", name);

    private static List<byte[]> ReadEntries(ReadOnlySpan<byte> bundle)
    {
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
