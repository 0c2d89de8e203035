using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// The agreement as the members' votes have changed it, read from the registry: the one of a round, and the one in force now. A new version counts only once the
/// ML-DSA signatures of its votes are checked, so that nobody is suspended, and no key replaced, by accounts alone, unless this party's people accepted just that.
/// The history is read again only when the registry's version has changed, or blocks were replaced. Of the newest blocks, <paramref name="confirmations"/> may be.
/// </summary>
internal sealed partial class RegistryView(
    ConsortiumAgreement agreement, RegistryLedger registry, AcceptedProposals accepted, ILogger logger, int confirmations)
{
    private volatile Known? _known;

    /// <summary>The newest version of the registry.</summary>
    /// <exception cref="LedgerMismatchException">It was neither decided by signatures of the members nor accepted, or the chain has lost a version that was seen.</exception>
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
        IReadOnlyList<UnsignedChange> unsigned = await registry.VerifyVotesAsync(agreement, history, known, accepted, cancellation);
        Tell(history, known, unsigned);
        var read = new Known(history, before?.InForce ?? []);
        // Forgotten meanwhile, it stays so.
        _ = Interlocked.CompareExchange(ref _known, read, before);
        return read;
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
    }

    private static partial class Log
    {
        [LoggerMessage(3101, LogLevel.Warning,
            "Registry version {Version} rests on accounts alone: of the {Yes} yes votes of proposal {Proposal} {Signed} are signed under ML-DSA (the proposal itself: {ProposalSigned}). "
            + "It is in force here because this party's settings accept it.")]
        public static partial void ChangeAccepted(ILogger logger, ulong version, ulong proposal, int yes, int signed, bool proposalSigned);

        [LoggerMessage(3102, LogLevel.Information, "The settings accept proposal {Proposal}, which the members' signatures decided anyway: the entry can go.")]
        public static partial void AcceptanceNotNeeded(ILogger logger, ulong proposal);
    }

    private sealed record Known(RegistryHistory History, ConcurrentDictionary<ulong, ConsortiumAgreement> InForce);
}
