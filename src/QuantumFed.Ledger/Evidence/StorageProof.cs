using System.Numerics;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>What a node says a slot of a contract's storage holds (EIP-1186), and the proof. Both numbers have up to 256 bits. Immutable.</summary>
internal sealed record StorageProof(BigInteger Slot, BigInteger Value, TrieProof Proof)
{
    /// <summary>Whether a contract of that storage root has the value there; slots that hold zero are not in the trie.</summary>
    public bool Holds(Digest storageRoot)
    {
        Span<byte> slot = stackalloc byte[32];
        slot.Clear();
        _ = Slot.TryWriteBytes(slot[(32 - Slot.GetByteCount(isUnsigned: true))..], out _, isUnsigned: true, isBigEndian: true);
        Span<byte> key = stackalloc byte[Keccak256.SizeInBytes];
        Keccak256.HashData(slot, key);
        return Value.IsZero
            ? Proof.ShowsAbsence(storageRoot, key)
            : Proof.TryReadValue(storageRoot, key, out ReadOnlyMemory<byte> value) && value.Span.SequenceEqual(RlpItem.Of(Value).Encode());
    }

    /// <exception cref="FormatException">The element is no storage proof.</exception>
    public static StorageProof FromJson(JsonElement json) => new(
        RpcJson.ReadBig(json.GetProperty("key")), RpcJson.ReadBig(json.GetProperty("value")), NodesOf(json.GetProperty("proof")));

    /// <summary>The nodes in a node's answer. Of an empty trie some give none, and some its encoding, 0x80: both are read as none.</summary>
    /// <exception cref="FormatException">The element is no list of nodes.</exception>
    internal static TrieProof NodesOf(JsonElement json)
    {
        ReadOnlyMemory<byte>[] nodes = [.. json.EnumerateArray().Select(node => (ReadOnlyMemory<byte>)RpcJson.ReadBytes(node))];
        return new TrieProof(nodes is [{ Length: 1 } only] && only.Span[0] == 0x80 ? [] : nodes);
    }
}
