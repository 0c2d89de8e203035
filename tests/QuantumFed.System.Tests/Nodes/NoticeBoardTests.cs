using QuantumFed.Node;
using QuantumFed.Protocol.Wire;

namespace QuantumFed.System.Tests;

public sealed class NoticeBoardTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly NoticeBoard _board = new();

    [Fact]
    public async Task A_follower_sees_what_is_up_and_then_what_replaces_it()
    {
        _board.Publish(new RoundNotice { Round = 1 });
        await using IAsyncEnumerator<RoundNotice> follower = Follow();
        Assert.True(await follower.MoveNextAsync());
        Assert.Equal(1u, follower.Current.Round);
        ValueTask<bool> next = follower.MoveNextAsync();
        Assert.False(next.IsCompleted);
        _board.Publish(new RoundNotice { Round = 2 });
        Assert.True(await next);
        Assert.Equal(2u, follower.Current.Round);
    }

    [Fact]
    public async Task A_slow_follower_may_miss_a_notice_but_never_the_latest()
    {
        await using IAsyncEnumerator<RoundNotice> follower = Follow();
        ValueTask<bool> first = follower.MoveNextAsync();
        for (ulong round = 0; round < 100; round++)
            _board.Publish(new RoundNotice { Round = round });
        Assert.True(await first);
        while (follower.Current.Round != 99)
            Assert.True(await follower.MoveNextAsync());
        ValueTask<bool> nothing = follower.MoveNextAsync();
        Assert.False(nothing.IsCompleted);
        _board.Publish(new RoundNotice { Round = 100 });
        Assert.True(await nothing);
    }

    [Fact]
    public async Task Two_equal_notices_are_two()
    {
        await using IAsyncEnumerator<RoundNotice> follower = Follow();
        _board.Publish(new RoundNotice { Round = 5 });
        Assert.True(await follower.MoveNextAsync());
        _board.Publish(new RoundNotice { Round = 5 });
        Assert.True(await follower.MoveNextAsync());
    }

    [Fact]
    public async Task Every_follower_is_told()
    {
        IAsyncEnumerator<RoundNotice>[] followers = [Follow(), Follow(), Follow()];
        Task<bool>[] waiting = [.. followers.Select(follower => follower.MoveNextAsync().AsTask())];
        _board.Publish(new RoundNotice { Round = 3 });
        Assert.All(await Task.WhenAll(waiting), Assert.True);
        Assert.All(followers, follower => Assert.Equal(3u, follower.Current.Round));
        foreach (IAsyncEnumerator<RoundNotice> follower in followers)
            await follower.DisposeAsync();
    }

    [Fact]
    public async Task A_follower_that_gives_up_is_let_go()
    {
        using CancellationTokenSource stop = new();
        await using IAsyncEnumerator<RoundNotice> follower = _board.FollowAsync(stop.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        ValueTask<bool> waiting = follower.MoveNextAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
    }

    [Fact]
    public async Task A_follower_is_admitted_before_every_notice_and_anew_whenever_the_board_says_so()
    {
        bool admitted = true;
        _board.Publish(new RoundNotice { Round = 7 });
        await using IAsyncEnumerator<RoundNotice> follower = Follow(Admit);
        Assert.True(await follower.MoveNextAsync());
        Task<bool> nothing = follower.MoveNextAsync().AsTask();
        Assert.False(nothing.IsCompleted);
        admitted = false;
        _board.Readmit();
        await Assert.ThrowsAsync<InvalidOperationException>(() => nothing.WaitAsync(Patience, TestContext.Current.CancellationToken));
        await using IAsyncEnumerator<RoundNotice> other = Follow(Admit);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await other.MoveNextAsync());

        void Admit()
        {
            if (!admitted)
                throw new InvalidOperationException("Not admitted any more.");
        }
    }

    private IAsyncEnumerator<RoundNotice> Follow(Action? admit = null) =>
        _board.FollowAsync(TestContext.Current.CancellationToken, admit).GetAsyncEnumerator(TestContext.Current.CancellationToken);
}
