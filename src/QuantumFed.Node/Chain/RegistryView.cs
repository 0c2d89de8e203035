using System.Collections.Concurrent;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// The agreement as the members' votes have changed it, read from the registry: the one of a round, and the one in force now. A new version counts only once the
/// ML-DSA signatures of its votes are checked, so that nobody is suspended, and no key replaced, by accounts alone. The history is read again only when the
/// registry's version has changed, or blocks were replaced. Of the newest blocks, <paramref name="confirmations"/> may be.
/// </summary>
internal sealed class RegistryView(ConsortiumAgreement agreement, RegistryLedger registry, int confirmations)
{
    private volatile Known? _known;

    /// <summary>The newest version of the registry.</summary>
    /// <exception cref="LedgerMismatchException">It was not decided by signatures of the members, or the chain has lost a version that was seen.</exception>
    public async Task<RegistryState> CurrentAsync(CancellationToken cancellation)
    {
        ulong version = await registry.VersionAsync(cancellation);
        return (_known is { } known && version == known.History.Current.Version ? known : await ReadAsync(cancellation)).History.Current;
    }

    /// <summary>The agreement in force under a version of the registry.</summary>
    /// <exception cref="LedgerMismatchException">As <see cref="CurrentAsync"/>; or the registry has not come to that version.</exception>
    public async Task<ConsortiumAgreement> AgreementAsync(ulong version, CancellationToken cancellation)
    {
        Known known = _known is { } before && before.History.At(version) is not null ? before : await ReadAsync(cancellation);
        RegistryState state = known.History.At(version)
            ?? throw new LedgerMismatchException($"The registry is at version {known.History.Current.Version}; a round names version {version}.");
        return known.InForce.GetOrAdd(version, _ => RecordedRounds.InForce(agreement, state));
    }

    /// <summary>Reads everything anew when it is asked for next: blocks that it was read from were replaced.</summary>
    public void Forget() => _known = null;

    private async Task<Known> ReadAsync(CancellationToken cancellation)
    {
        Known? before = _known;
        RegistryHistory history = await registry.ReadAsync(cancellation);
        ulong known = before?.History.Current.Version ?? 0;
        if (history.Current.Version < known)
        {
            string lost = $"The registry was at version {known} and is at {history.Current.Version} now: the chain has lost something.";
            // The next poll of the chain tells how deep; asked again after it, everything is read anew.
            throw confirmations > 0 ? new LedgerUnavailableException(lost) : new LedgerMismatchException(lost);
        }
        await registry.VerifyVotesAsync(agreement, history, known, cancellation);
        var read = new Known(history, before?.InForce ?? []);
        // Forgotten meanwhile, it stays so.
        _ = Interlocked.CompareExchange(ref _known, read, before);
        return read;
    }

    private sealed record Known(RegistryHistory History, ConcurrentDictionary<ulong, ConsortiumAgreement> InForce);
}
