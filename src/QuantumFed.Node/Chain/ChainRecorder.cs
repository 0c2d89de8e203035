using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>Saves the chain's blocks, transactions and receipts into the archive as rounds finish, so that an audit needs no ledger.</summary>
internal sealed class ChainRecorder(LedgerGateway ledger, RoundArchive archive)
{
    private readonly List<Digest> _blocks = [];
    private bool _loaded;

    /// <summary>Captures everything from the last captured block to the newest.</summary>
    public async Task CaptureAsync(CancellationToken cancellation)
    {
        if (!_loaded && archive.TryReadChain(out IReadOnlyList<Digest>? known))
            _blocks.AddRange(known);
        _loaded = true;
        ulong head = await ledger.HeadAsync(cancellation);
        if (head + 1 == (ulong)_blocks.Count)
            return;
        await ChainArchive.CaptureAsync(
            ledger.Client, (ulong)_blocks.Count, head,
            (block, _) =>
            {
                _blocks.Add(archive.Objects.Put(block.CanonicalBytes.Span));
                return ValueTask.CompletedTask;
            },
            cancellation);
        archive.WriteChain(_blocks);
    }
}
