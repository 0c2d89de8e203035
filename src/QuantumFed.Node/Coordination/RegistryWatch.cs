using Microsoft.Extensions.Logging;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// The coordinator's eye on the registry while it waits: what it waits for may never come once the members have suspended somebody, or replaced a key. Where it
/// waits between rounds, <paramref name="follow"/> is given the agreement in force, and each that replaces it: what was in force in the last round counts no
/// more. For one flow of control.
/// </summary>
internal sealed partial class RegistryWatch(
    ConsortiumAgreement agreement, LedgerGateway ledger, Action<ConsortiumAgreement> follow, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// The agreement in force, once a round can be opened under it: the coordinator is not suspended, the active members are as many as a round needs, and the agreement
    /// names them all. Until then it waits for the members to change that.
    /// </summary>
    public async Task<(ConsortiumAgreement Agreement, ulong RegistryVersion)> AwaitQuorumAsync(RoundId round, CancellationToken cancellation)
    {
        while (true)
        {
            (ConsortiumAgreement inForce, ulong version) = await ledger.InForceAsync(cancellation);
            follow(inForce);
            int active = inForce.ActiveMembers.Count(), needed = Math.Max(agreement.MinParticipants, agreement.Threshold);
            if (inForce.Coordinator.Suspended)
                Log.CoordinatorSuspended(logger, round);
            else if (active < needed)
                Log.TooFewActiveMembers(logger, round, active, needed);
            else if (await ledger.UnknownMembersAsync(cancellation) is [_, ..] unknown)
                Log.UnknownMembers(logger, round, string.Join(", ", unknown));
            else
                return (inForce, version);
            await ledger.AwaitRegistryChangeAsync(version, cancellation);
        }
    }

    /// <summary>Waits between rounds, or for ever. A ledger that is away meanwhile is waited for.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger is still away when the wait is over.</exception>
    public async Task WaitAsync(TimeSpan wait, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        TimeSpan Left() => wait == Timeout.InfiniteTimeSpan ? wait : TimeSpan.FromTicks(Math.Max(0, (wait - time.GetElapsedTime(started)).Ticks));
        while (true)
        {
            try
            {
                await UnderTheNewestAsync(
                    (now, stop) =>
                    {
                        follow(now);
                        return Task.Delay(Left(), time, stop);
                    },
                    cancellation);
                return;
            }
            catch (LedgerUnavailableException error) when (Left() != TimeSpan.Zero)
            {
                Log.LedgerAway(logger, error.Message);
            }
        }
    }

    /// <summary>Does some work for as long as the registry has this version; <see langword="false"/> if it got another first, and the work was given up.</summary>
    public async Task<bool> TryWhileAsync(ulong version, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task changed = ledger.AwaitRegistryChangeAsync(version, stop.Token), done = work(stop.Token);
        Task first = await Task.WhenAny(done, changed);
        await stop.CancelAsync();
        try
        {
            await Task.WhenAll(done, changed);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The other of the two.
        }
        return first == done;
    }

    /// <summary>Does some work under the agreement in force, and begins it again whenever the members change that.</summary>
    public async Task UnderTheNewestAsync(Func<ConsortiumAgreement, CancellationToken, Task> work, CancellationToken cancellation)
    {
        ConsortiumAgreement now;
        ulong version;
        do
            (now, version) = await ledger.InForceAsync(cancellation);
        while (!await TryWhileAsync(version, stop => work(now, stop), cancellation));
    }

    private static partial class Log
    {
        [LoggerMessage(1029, LogLevel.Warning, "Round {Round}: {Active} members are active and a round needs {Needed}. Waiting until the members reinstate some.")]
        public static partial void TooFewActiveMembers(ILogger logger, RoundId round, int active, int needed);

        [LoggerMessage(1031, LogLevel.Warning, "Round {Round}: the members have admitted {Accounts}, which the agreement does not name. Such a member could commit and be in no sum: "
            + "no round is opened until there is an agreement that names it, or they suspend it.")]
        public static partial void UnknownMembers(ILogger logger, RoundId round, string accounts);

        [LoggerMessage(1032, LogLevel.Warning, "The ledger is away: {Reason}")]
        public static partial void LedgerAway(ILogger logger, string reason);

        [LoggerMessage(1030, LogLevel.Warning, "Round {Round}: the members have suspended this coordinator by vote. It opens no round until they reinstate it.")]
        public static partial void CoordinatorSuspended(ILogger logger, RoundId round);
    }
}
