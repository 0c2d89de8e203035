using System.Numerics;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class AccountProofTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_live_node_proves_of_accounts_there_and_not_there_holds_under_its_headers_root()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.FinalizeAsync(0);
        EthereumNode node = new(consortium.Client);
        BlockHeader header = (await node.HeaderAsync("latest", Token))!;
        BigInteger[] slots = [0, 1, 2, 3, 4, 5, 12345, (BigInteger.One << 256) - 1];
        EthereumAddress nobody = EthereumAddress.OfContract(consortium.Deployment.Rounds, 12345);
        foreach (EthereumAddress account in new[] { consortium.Deployment.Rounds, consortium.CoordinatorAccount.Address, nobody })
        {
            AccountProof proof = (await node.ProofAsync(account, slots, "latest", Token))!;
            Assert.True(proof.Holds(header.StateRoot), account.ToString());
            Assert.False((proof with { Nonce = proof.Nonce + 1 }).Holds(header.StateRoot));
            for (int i = 0; i < slots.Length; i++)
            {
                StorageProof[] changed = [.. proof.Storage];
                changed[i] = changed[i] with { Value = changed[i].Value + 1 };
                Assert.False((proof with { Storage = changed }).Holds(header.StateRoot));
            }
            if (account == consortium.Deployment.Rounds)
                Assert.Contains(proof.Storage, slot => slot.Value > 0);
        }
        Assert.Equal(Keccak256.DigestOf(await node.CodeAsync(consortium.Deployment.Rounds, Token)), (await node.ProofAsync(consortium.Deployment.Rounds, [], "latest", Token))!.CodeHash);
    }

    [Fact]
    public void A_made_up_account_is_proved_with_its_slots_and_no_changed_bit_is()
    {
        EthereumAddress address = EthereumAddress.OfContract(default, 1), other = EthereumAddress.OfContract(default, 2);
        Digest code = Keccak256.DigestOf([1, 2, 3]);
        MerklePatriciaTrie storage = MerklePatriciaTrie.Of([.. Enumerable.Range(0, 30).Select(slot => Entry(Word(slot), RlpItem.Of((ulong)slot * 999 + 1).Encode()))]);
        byte[] account = RlpItem.List(RlpItem.Of(7), RlpItem.Of(1000), RlpItem.Of(storage.Root.ToArray()), RlpItem.Of(code.ToArray())).Encode();
        MerklePatriciaTrie state = MerklePatriciaTrie.Of([Entry(address.ToArray(), account), Entry(other.ToArray(), account)]);
        AccountProof proof = new(address, 7, 1000, storage.Root, code, state.ProofOf(Keccak256.HashData(address.ToArray())),
            [new StorageProof(5, 4996, storage.ProofOf(Keccak256.HashData(Word(5)))), new StorageProof(77, 0, storage.ProofOf(Keccak256.HashData(Word(77))))]);
        Assert.True(proof.Holds(state.Root));
        foreach (TrieProof broken in Broken(proof.Proof))
            Assert.False((proof with { Proof = broken }).Holds(state.Root));
        foreach (StorageProof slot in proof.Storage)
        {
            foreach (TrieProof broken in Broken(slot.Proof))
                Assert.False((proof with { Storage = [slot with { Proof = broken }] }).Holds(state.Root));
            Assert.False((proof with { Storage = [slot with { Value = slot.Value.IsZero ? 1 : 0 }] }).Holds(state.Root));
            Assert.False((proof with { Storage = [slot with { Slot = 6 }] }).Holds(state.Root));
        }
        // An account that is there claimed to be nobody's, and one that is not there claimed to be this.
        AccountProof absent = proof with { Address = default, Proof = state.ProofOf(Keccak256.HashData(default(EthereumAddress).ToArray())) };
        Assert.False(absent.Holds(state.Root));
        Assert.True((absent with { Nonce = 0, Balance = 0, CodeHash = default, StorageHash = default, Storage = [] }).Holds(state.Root));
        Assert.False((proof with { Nonce = 0, Balance = 0, CodeHash = default, StorageHash = default, Storage = [] }).Holds(state.Root));
    }

    private static IEnumerable<TrieProof> Broken(TrieProof proof)
    {
        byte[][] nodes = [.. proof.Nodes.Select(node => node.ToArray())];
        foreach (byte[] node in nodes)
        {
            for (int bit = 0; bit < 8 * node.Length; bit++)
            {
                node[bit / 8] ^= (byte)(1 << (bit % 8));
                yield return new TrieProof(nodes.Select(kept => (ReadOnlyMemory<byte>)kept));
                node[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
        yield return new TrieProof(proof.Nodes.Skip(1));
        yield return new TrieProof(proof.Nodes.Append(proof.Nodes[^1]));
    }

    private static byte[] Word(int slot) => [.. new byte[31], (byte)slot];

    private static KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Entry(byte[] key, byte[] value) => new(Keccak256.HashData(key), value);
}
