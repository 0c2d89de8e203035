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

    /// <summary>The latest notice, then each that replaces it.</summary>
    public async IAsyncEnumerable<RoundNotice> FollowAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        RoundNotice? seen = null;
        while (true)
        {
            Task changed = _changed.Next;
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
