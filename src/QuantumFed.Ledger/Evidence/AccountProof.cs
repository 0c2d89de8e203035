using System.Numerics;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// What a node says an account is at a block (EIP-1186): transactions sent, balance in wei, root of its storage, hash of its code; the proof,
/// and proofs of slots of its storage. Immutable.
/// </summary>
internal sealed record AccountProof(
    EthereumAddress Address, ulong Nonce, BigInteger Balance, Digest StorageHash, Digest CodeHash, TrieProof Proof, IReadOnlyList<StorageProof> Storage)
{
    private static readonly Digest EmptyRoot = MerklePatriciaTrie.Of([]).Root;
    private static readonly Digest NoCode = Keccak256.DigestOf([]);

    /// <summary>
    /// Whether all of it is so in the state of that root. An account that is not there has sent nothing, and has no balance, code or storage;
    /// of its hashes nodes say those of nothing, or zero.
    /// </summary>
    public bool Holds(Digest stateRoot)
    {
        byte[] key = Keccak256.HashData(Address.ToArray());
        if (Proof.TryReadValue(stateRoot, key, out ReadOnlyMemory<byte> value))
            return value.Span.SequenceEqual(Encode()) && Storage.All(slot => slot.Holds(StorageHash));
        return Proof.ShowsAbsence(stateRoot, key) && Nonce == 0 && Balance.IsZero
            && (StorageHash == EmptyRoot || StorageHash.IsZero) && (CodeHash == NoCode || CodeHash.IsZero)
            && Storage.All(slot => slot.Holds(EmptyRoot));
    }

    /// <exception cref="FormatException">The element is no account proof.</exception>
    public static AccountProof FromJson(JsonElement json) => new(
        RpcJson.ReadAddress(json.GetProperty("address")),
        RpcJson.ReadUInt64(json.GetProperty("nonce")),
        RpcJson.ReadBig(json.GetProperty("balance")),
        RpcJson.ReadHash(json.GetProperty("storageHash")),
        RpcJson.ReadHash(json.GetProperty("codeHash")),
        StorageProof.NodesOf(json.GetProperty("accountProof")),
        [.. json.GetProperty("storageProof").EnumerateArray().Select(StorageProof.FromJson)]);

    private byte[] Encode() =>
        RlpItem.List(RlpItem.Of(Nonce), RlpItem.Of(Balance), RlpItem.Of(StorageHash.ToArray()), RlpItem.Of(CodeHash.ToArray())).Encode();
}
