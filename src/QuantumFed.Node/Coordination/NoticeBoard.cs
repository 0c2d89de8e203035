using System.Runtime.CompilerServices;
using QuantumFed.Protocol.Wire;

namespace QuantumFed.Node;

/// <summary>
/// The latest notice of the rounds, for any number of followers. A slow follower may miss one that was replaced meanwhile, never the
/// latest; the coordinator leaves each notice up until those concerned have acted on it or their time is over.
/// </summary>
internal sealed class NoticeBoard
{
    private readonly Lock _lock = new();
    private readonly ChangeSignal _changed = new();
    private RoundNotice? _latest;

    /// <summary>Replaces the notice.</summary>
    public void Publish(RoundNotice notice)
    {
        lock (_lock)
            _latest = notice;
        _changed.Raise();
    }

    /// <summary>Has every follower admitted anew.</summary>
    public void Readmit() => _changed.Raise();

    /// <summary>The latest notice, then each that replaces it.</summary>
    /// <param name="cancellation">Ends the following.</param>
    /// <param name="admit">Asked before every notice, and at <see cref="Readmit"/>: what it throws ends the following too.</param>
    public async IAsyncEnumerable<RoundNotice> FollowAsync([EnumeratorCancellation] CancellationToken cancellation, Action? admit = null)
    {
        RoundNotice? seen = null;
        while (true)
        {
            Task changed = _changed.Next;
            admit?.Invoke();
            RoundNotice? latest;
            lock (_lock)
                latest = _latest;
            if (latest is not null && !ReferenceEquals(latest, seen))
            {
                seen = latest;
                yield return latest;
            }
            else
            {
                await changed.WaitAsync(cancellation);
            }
        }
    }
}
