using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// The agreement as the members' votes have changed it, read from the registry: the one of a round, and the one in force now. The registry's history is read
/// again only when its version has changed.
/// </summary>
internal sealed class RegistryView(ConsortiumAgreement agreement, RegistryLedger registry)
{
    private readonly Dictionary<ulong, ConsortiumAgreement> _inForce = [];
    private RegistryHistory? _history;

    /// <summary>The newest version of the registry.</summary>
    public async Task<RegistryState> CurrentAsync(CancellationToken cancellation)
    {
        ulong version = await registry.VersionAsync(cancellation);
        if (_history is null || version != _history.Current.Version)
            _history = await registry.ReadAsync(cancellation);
        return _history.Current;
    }

    /// <summary>The agreement in force under a version of the registry.</summary>
    /// <exception cref="LedgerMismatchException">The registry has not come to that version: the chain has lost something.</exception>
    public async Task<ConsortiumAgreement> AgreementAsync(ulong version, CancellationToken cancellation)
    {
        if (_inForce.TryGetValue(version, out ConsortiumAgreement? known))
            return known;
        if (_history?.At(version) is null)
            _history = await registry.ReadAsync(cancellation);
        RegistryState state = _history.At(version)
            ?? throw new LedgerMismatchException($"The registry is at version {_history.Current.Version}; a round names version {version}.");
        return _inForce[version] = RecordedRounds.InForce(agreement, state);
    }
}
