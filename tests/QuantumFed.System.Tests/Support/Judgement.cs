using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Protocol.Wire;

namespace QuantumFed.System.Tests;

/// <summary>How a coordinator judges a caller.</summary>
internal static class Judgement
{
    /// <summary>Waits until the desk has the member suspended, or not, and the board has told its followers to look.</summary>
    public static async Task AwaitAsync(CoordinatorDesk desk, NoticeBoard board, MemberId member, bool suspended, CancellationToken cancellation)
    {
        using var judged = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await foreach (RoundNotice _ in board.FollowAsync(judged.Token, Look))
                judged.Token.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It is as was waited for.
        }

        void Look()
        {
            if (desk.InForce.Find(member)!.Suspended == suspended)
                judged.Cancel();
        }
    }
}
