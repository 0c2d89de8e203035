using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>Saves the chain's blocks, transactions and receipts into the archive as rounds finish, so that an audit needs no ledger.</summary>
internal sealed class ChainRecorder(LedgerGateway ledger, RoundArchive archive)
{
    private readonly List<Digest> _blocks = [];
    private bool _loaded;

    /// <summary>Captures everything from the last captured block to the newest.</summary>
    /// <exception cref="LedgerMismatchException">The ledger no longer has the last captured block: what came after it would not follow from it.</exception>
    public async Task CaptureAsync(CancellationToken cancellation)
    {
        if (!_loaded && archive.TryReadChain(out IReadOnlyList<Digest>? known))
            _blocks.AddRange(known);
        _loaded = true;
        ulong head = await ledger.HeadAsync(cancellation);
        await RequireLastBlockAsync(cancellation);
        if (head + 1 == (ulong)_blocks.Count)
            return;
        await ledger.CaptureAsync(
            () => (ulong)_blocks.Count, head, block => _blocks.Add(archive.Objects.Put(block.CanonicalBytes.Span)), cancellation);
        archive.WriteChain(_blocks);
    }

    // Other parties' steps stand in blocks that this party does not remember by itself (ChainMemory); the archive does.
    private async Task RequireLastBlockAsync(CancellationToken cancellation)
    {
        if (_blocks.Count == 0)
            return;
        ulong last = (ulong)_blocks.Count - 1;
        if (!archive.Objects.TryRead(_blocks[^1], out byte[]? data) || !BlockEvidence.TryParse(data, out BlockEvidence? block))
            throw new InvalidDataException($"The archive's evidence of block {last} is missing or damaged.");
        if (await ledger.BlockHashAsync(last, cancellation) != block.Hash)
            throw new LedgerMismatchException($"The ledger has lost block {last} ({block.Hash}), which the archive holds: it was rolled back or rewritten.");
    }
}
