using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>The coordinator's waiting for members, as long as a step may take, while it tells whom it waits for.</summary>
internal sealed class MemberWait(CoordinatorDesk desk, LedgerGateway ledger, RoundTimeline timeline, TimeSpan stepTime, TimeProvider time)
{
    private static readonly TimeSpan RegistryPoll = TimeSpan.FromSeconds(2);

    /// <summary>Waits until nobody is missing; <see langword="false"/> once the time is over.</summary>
    public Task<bool> ForAllAsync(Func<IEnumerable<MemberId>> missing, CancellationToken cancellation) =>
        desk.WaitForAllAsync(() => [.. missing()], timeline.Await, stepTime, cancellation);

    /// <summary>The same, but who is suspended meanwhile is not waited for: the ledger would take nothing from it, and it would not go on itself.</summary>
    public async Task<bool> ForActiveAsync(Func<IEnumerable<MemberId>> missing, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        HashSet<MemberId> suspended = [];
        while (true)
        {
            TimeSpan left = stepTime - time.GetElapsedTime(started);
            TimeSpan slice = left <= TimeSpan.Zero ? TimeSpan.Zero : left < RegistryPoll ? left : RegistryPoll;
            if (await desk.WaitForAllAsync(() => [.. missing().Except(suspended)], timeline.Await, slice, cancellation))
                return true;
            if (left <= RegistryPoll)
                return false;
            suspended = [.. (await ledger.InForceAsync(cancellation)).Agreement.Members.Where(member => member.Suspended).Select(member => member.Id)];
        }
    }
}
