using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>Saves the chain's blocks, transactions and receipts into the archive as rounds finish, so that an audit needs no ledger.</summary>
internal sealed class ChainRecorder(LedgerGateway ledger, RoundArchive archive)
{
    // Blocks may be replaced while they are captured, though hardly so often in a row.
    private const int Attempts = 5;

    private readonly List<Digest> _blocks = [];
    private bool _loaded;

    /// <summary>
    /// Captures everything from the last captured block to the newest. Captured blocks that were replaced since, above the depth that counts, are captured anew.
    /// </summary>
    /// <exception cref="LedgerMismatchException">The ledger no longer has a captured block: what came after it would not follow from it.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger's blocks do not follow one from the other.</exception>
    public async Task CaptureAsync(CancellationToken cancellation)
    {
        if (!_loaded && archive.TryReadChain(out IReadOnlyList<Digest>? known))
            _blocks.AddRange(known);
        _loaded = true;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            ulong head = await ledger.HeadAsync(cancellation);
            int held = _blocks.Count;
            Digest parent = await DropReplacedAsync(cancellation);
            if (head + 1 == (ulong)held && held == _blocks.Count)
                return;
            bool follows = true;
            await ledger.CaptureAsync(
                () => (ulong)_blocks.Count, head,
                block =>
                {
                    follows &= _blocks.Count == 0 || block.ParentHash == parent;
                    if (!follows)
                        return;
                    _blocks.Add(archive.Objects.Put(block.CanonicalBytes.Span));
                    parent = block.Hash;
                },
                cancellation);
            archive.WriteChain(_blocks);
            if (follows)
                return;
        }
        throw new LedgerUnavailableException("The ledger's newest blocks do not follow one from the other, or are replaced faster than they can be captured.");
    }

    // Other parties' steps stand in blocks that this party does not remember by itself (ChainMemory); the archive does. The hash of the last one that is left.
    private async Task<Digest> DropReplacedAsync(CancellationToken cancellation)
    {
        for (int held = _blocks.Count; _blocks.Count > 0; _blocks.RemoveAt(_blocks.Count - 1))
        {
            ulong last = (ulong)_blocks.Count - 1;
            if (!archive.Objects.TryRead(_blocks[^1], out byte[]? data) || !BlockEvidence.TryParse(data, out BlockEvidence? block))
                throw new InvalidDataException($"The archive's evidence of block {last} is missing or damaged.");
            if (await ledger.BlockHashAsync(last, cancellation) == block.Hash)
                return block.Hash;
            if (held - _blocks.Count >= ledger.Confirmations)
                throw new LedgerMismatchException($"The ledger has lost block {last} ({block.Hash}), which the archive holds: it was rolled back or rewritten.");
        }
        return default;
    }
}
