using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// The agreement as the members' votes have changed it, read from the registry: the one of a round, and the one in force now. A new version counts only once the
/// ML-DSA signatures of its votes are checked, so that nobody is suspended, and no key replaced, by accounts alone. The history is read again only when the
/// registry's version has changed.
/// </summary>
internal sealed class RegistryView(ConsortiumAgreement agreement, RegistryLedger registry)
{
    private readonly Dictionary<ulong, ConsortiumAgreement> _inForce = [];
    private RegistryHistory? _history;

    /// <summary>The newest version of the registry.</summary>
    /// <exception cref="LedgerMismatchException">It was not decided by signatures of the members, or the chain has lost a version that was seen.</exception>
    public async Task<RegistryState> CurrentAsync(CancellationToken cancellation)
    {
        ulong version = await registry.VersionAsync(cancellation);
        if (_history is null || version != _history.Current.Version)
            await ReadAsync(cancellation);
        return _history!.Current;
    }

    /// <summary>The agreement in force under a version of the registry.</summary>
    /// <exception cref="LedgerMismatchException">As <see cref="CurrentAsync"/>; or the registry has not come to that version.</exception>
    public async Task<ConsortiumAgreement> AgreementAsync(ulong version, CancellationToken cancellation)
    {
        if (_inForce.TryGetValue(version, out ConsortiumAgreement? known))
            return known;
        if (_history?.At(version) is null)
            await ReadAsync(cancellation);
        RegistryState state = _history!.At(version)
            ?? throw new LedgerMismatchException($"The registry is at version {_history.Current.Version}; a round names version {version}.");
        return _inForce[version] = RecordedRounds.InForce(agreement, state);
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        RegistryHistory history = await registry.ReadAsync(cancellation);
        ulong known = _history?.Current.Version ?? 0;
        if (history.Current.Version < known)
            throw new LedgerMismatchException($"The registry was at version {known} and is at {history.Current.Version} now: the chain has lost something.");
        await registry.VerifyVotesAsync(agreement, history, known, cancellation);
        _history = history;
    }
}
