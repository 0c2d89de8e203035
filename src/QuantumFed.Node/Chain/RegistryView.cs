using Microsoft.Extensions.Logging;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// The agreement as the members' votes have changed it, read from the registry: the one of a round, and the one in force now. A new version counts only once the
/// ML-DSA signatures of its votes are checked, so that nobody is suspended, and no key replaced, by accounts alone, unless this party's people accepted just that.
/// The history is read again only when the registry's version has changed.
/// </summary>
internal sealed partial class RegistryView(ConsortiumAgreement agreement, RegistryLedger registry, AcceptedProposals accepted, ILogger logger)
{
    private readonly Dictionary<ulong, ConsortiumAgreement> _inForce = [];
    private RegistryHistory? _history;

    /// <summary>The newest version of the registry.</summary>
    /// <exception cref="LedgerMismatchException">It was neither decided by signatures of the members nor accepted, or the chain has lost a version that was seen.</exception>
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
        IReadOnlyList<UnsignedChange> unsigned = await registry.VerifyVotesAsync(agreement, history, known, accepted, cancellation);
        Tell(history, known, unsigned);
        _history = history;
    }

    // Each entry says something of itself: none is without effect and nobody knows.
    private void Tell(RegistryHistory history, ulong known, IReadOnlyList<UnsignedChange> unsigned)
    {
        foreach (UnsignedChange change in unsigned)
            Log.ChangeAccepted(logger, change.Proposal.Execution!.Version, change.Proposal.Number, change.Yes, change.WithSignature.Length, change.IsProposed);
        foreach (ProposalRecord proposal in history.Proposals.Where(proposal => proposal.Execution?.Version > known && accepted.Includes(proposal)))
        {
            if (!unsigned.Any(change => change.Proposal == proposal))
                Log.AcceptanceNotNeeded(logger, proposal.Number);
        }
        foreach (AcceptedProposal entry in accepted.NotExecuted(history))
            Log.AcceptedNotExecuted(logger, entry.Number, entry.Transaction);
    }

    private static partial class Log
    {
        [LoggerMessage(3101, LogLevel.Warning,
            "Registry version {Version} rests on accounts alone: of the {Yes} yes votes of proposal {Proposal} {Signed} are signed under ML-DSA (the proposal itself: {ProposalSigned}). "
            + "It is in force here because this party's settings accept it.")]
        public static partial void ChangeAccepted(ILogger logger, ulong version, ulong proposal, int yes, int signed, bool proposalSigned);

        [LoggerMessage(3102, LogLevel.Information, "The settings accept proposal {Proposal}, which the members' signatures decided anyway: the entry can go.")]
        public static partial void AcceptanceNotNeeded(ILogger logger, ulong proposal);

        [LoggerMessage(3103, LogLevel.Warning,
            "The settings accept proposal {Proposal}, executed by transaction 0x{Transaction}, but this ledger has no such execution: a slip, or the ledger's node is behind.")]
        public static partial void AcceptedNotExecuted(ILogger logger, ulong proposal, Digest transaction);
    }
}
