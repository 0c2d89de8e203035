using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// One transaction of a block, and what shows that the block has it: the header and the nodes of the transactions' trie on the way to it.
/// With the block's hash it can be checked alone, without a node and without the block's other transactions. Immutable.
/// </summary>
/// <remarks>The bytes: RLP[format tag, header, index, [nodes from the root to the transaction]].</remarks>
public sealed class TransactionProof
{
    private static readonly byte[] Format = Encoding.ASCII.GetBytes("quantumfed transaction proof 1");

    private readonly BlockEntryProof _proof;

    private TransactionProof(BlockEntryProof proof) => _proof = proof;

    /// <summary>The number the header gives its block.</summary>
    public ulong BlockNumber => _proof.Header.Number;

    /// <summary>Where in the block the transaction stands, from 0.</summary>
    public uint Index => _proof.Index;

    /// <summary>The canonical bytes.</summary>
    public ReadOnlyMemory<byte> CanonicalBytes => _proof.CanonicalBytes;

    /// <summary>The proofs of all transactions of a block, in order; <see langword="false"/> if the block's header commits to other transactions.</summary>
    public static bool TryProveAll(BlockEvidence block, out ImmutableArray<TransactionProof> proofs)
    {
        ArgumentNullException.ThrowIfNull(block);
        IEnumerable<BlockEntryProof>? all = BlockEntryProof.OfAll(Format, block.Header, block.Header.TransactionsRoot, block.RawTransactions);
        proofs = all is null ? [] : [.. all.Select(proof => new TransactionProof(proof))];
        return all is not null;
    }

    /// <summary>Reads canonical bytes; <see langword="false"/> if they are anything else. Whether they prove anything is <see cref="TryReadTransaction"/>.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> canonicalBytes, [NotNullWhen(true)] out TransactionProof? proof)
    {
        proof = BlockEntryProof.TryParse(Format, canonicalBytes, out BlockEntryProof? read) ? new TransactionProof(read) : null;
        return proof is not null;
    }

    /// <summary>
    /// The transaction at <see cref="Index"/> of the block of that hash, which the caller must have from elsewhere; <see langword="false"/> if
    /// this does not prove one of type 0 or 2. Its sender is another question: <see cref="SignedTransaction.TryRecoverSender"/>.
    /// </summary>
    public bool TryReadTransaction(Digest blockHash, [NotNullWhen(true)] out SignedTransaction? transaction)
    {
        transaction = null;
        return _proof.TryReadEntry(blockHash, _proof.Header.TransactionsRoot, out ReadOnlyMemory<byte> encoded)
            && SignedTransaction.TryParse(encoded, out transaction);
    }
}
