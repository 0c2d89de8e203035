using System.Buffers.Binary;
using System.Net.Security;

namespace QuantumFed.Transport.Tests;

/// <summary>What one end sends the other receives, whole, in order, or both learn that the connection was cut.</summary>
public sealed class MessageConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_of_any_length_arrive_whole_and_in_order()
    {
        Requires.PostQuantum();
        (MessageConnection dialled, MessageConnection accepted) = await Peers.ConnectAsync();
        await using MessageConnection one = dialled, other = accepted;
        Assert.Equal((Consortium.CoordinatorName, Consortium.MemberName), (one.Peer, other.Peer));
        Assert.Equal((Peers.Protocol, Peers.Protocol), (one.Protocol, other.Protocol));
        int[] lengths = [0, 1, 0, 16 * 1024, 16 * 1024 + 1, 1 << 20, (1 << 20) + 1, 5_000_000, 0, 2];
        byte[][] messages = [.. lengths.Select((length, i) => Bytes(i, length))];
        foreach ((MessageConnection from, MessageConnection to) in ((MessageConnection, MessageConnection)[])[(one, other), (other, one)])
        {
            Task sending = SendAllAsync(from, messages);
            foreach (byte[] message in messages)
                Assert.True((await to.ReceiveAsync(Token)).AsSpan().SequenceEqual(message));
            await sending;
        }
    }

    [Fact]
    public async Task Many_senders_do_not_mix_their_messages()
    {
        Requires.PostQuantum();
        (MessageConnection dialled, MessageConnection accepted) = await Peers.ConnectAsync();
        await using MessageConnection one = dialled, other = accepted;
        Task[] sending = [.. Enumerable.Range(0, 50).Select(i => Task.Run(() => one.SendAsync(Bytes(i, 1000 * i), Token).AsTask()))];
        HashSet<int> seen = [];
        for (int i = 0; i < 50; i++)
        {
            byte[] message = await other.ReceiveAsync(Token);
            Assert.True(seen.Add(message.Length));
            Assert.Equal(Bytes(message.Length / 1000, message.Length), message);
        }
        await Task.WhenAll(sending);
    }

    [Fact]
    public async Task A_message_that_is_too_long_is_the_senders_mistake_and_costs_nothing()
    {
        Requires.PostQuantum();
        (MessageConnection dialled, MessageConnection accepted) = await Peers.ConnectAsync();
        await using MessageConnection one = dialled, other = accepted;
        await Assert.ThrowsAsync<ArgumentException>(() => one.SendAsync(new byte[MessageConnection.MaxMessageSizeInBytes + 1], Token).AsTask());
        await one.SendAsync(new byte[] { 1, 2 }, Token);
        Assert.Equal([1, 2], await other.ReceiveAsync(Token));
    }

    [Theory]
    [InlineData(MessageConnection.MaxMessageSizeInBytes + 1u)]
    [InlineData(0x80000000u)]
    [InlineData(uint.MaxValue)]
    public async Task A_length_that_is_too_long_ends_the_connection(uint length)
    {
        Requires.PostQuantum();
        await using MessageListener listener = await Peers.ListenAsync();
        await using SslStream stranger = await Peers.DialRawAsync(listener, Consortium.Member.Certificate, "qf-test/1");
        await using MessageConnection connection = await listener.AcceptAsync(Token);
        await stranger.WriteAsync(Length(length), Token);
        MessageConnectionException refused = await Assert.ThrowsAsync<MessageConnectionException>(() => connection.ReceiveAsync(Token).AsTask());
        Assert.Contains($"announced a message of {length} bytes", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MessageConnectionException>(() => connection.ReceiveAsync(Token).AsTask());
        Assert.Equal(0, await stranger.ReadAsync(new byte[1], Token));
    }

    [Fact]
    public async Task A_length_that_was_only_announced_takes_no_memory()
    {
        Requires.PostQuantum();
        // Other tests allocate meanwhile, but not each time: what the message takes, it always takes.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 50 && least > MessageConnection.MaxMessageSizeInBytes / 2; attempt++)
        {
            await using MessageListener listener = await Peers.ListenAsync();
            await using SslStream stranger = await Peers.DialRawAsync(listener, Consortium.Member.Certificate, "qf-test/1");
            await using MessageConnection connection = await listener.AcceptAsync(Token);
            await stranger.WriteAsync(Length(MessageConnection.MaxMessageSizeInBytes), Token);
            await stranger.WriteAsync(new byte[1000], Token);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Task<byte[]> receiving = connection.ReceiveAsync(Token).AsTask();
            await stranger.ShutdownAsync();
            await Assert.ThrowsAsync<MessageConnectionException>(() => receiving);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.InRange(least, 0, MessageConnection.MaxMessageSizeInBytes / 2);
    }

    [Fact]
    public async Task A_message_that_is_cut_short_is_not_delivered()
    {
        Requires.PostQuantum();
        foreach (byte[] part in (byte[][])[[], [0], [0, 0, 0, 5], [0, 0, 0, 5, 1, 2, 3, 4]])
        {
            await using MessageListener listener = await Peers.ListenAsync();
            await using SslStream stranger = await Peers.DialRawAsync(listener, Consortium.Member.Certificate, "qf-test/1");
            await using MessageConnection connection = await listener.AcceptAsync(Token);
            await stranger.WriteAsync(part, Token);
            await stranger.ShutdownAsync();
            await Assert.ThrowsAsync<MessageConnectionException>(() => connection.ReceiveAsync(Token).AsTask());
        }
    }

    [Fact]
    public async Task Whoever_waits_learns_that_either_end_was_disposed()
    {
        Requires.PostQuantum();
        (MessageConnection dialled, MessageConnection accepted) = await Peers.ConnectAsync();
        Task<byte[]> here = dialled.ReceiveAsync(Token).AsTask(), there = accepted.ReceiveAsync(Token).AsTask();
        await dialled.DisposeAsync();
        await Assert.ThrowsAsync<MessageConnectionException>(() => here);
        await Assert.ThrowsAsync<MessageConnectionException>(() => there);
        await Assert.ThrowsAsync<MessageConnectionException>(() => dialled.SendAsync(new byte[1], Token).AsTask());
        await accepted.DisposeAsync();
        await accepted.DisposeAsync();
    }

    [Fact]
    public async Task A_sending_that_is_cancelled_halfway_cuts_the_connection_instead_of_mixing_messages()
    {
        Requires.PostQuantum();
        (MessageConnection dialled, MessageConnection accepted) = await Peers.ConnectAsync();
        await using MessageConnection one = dialled, other = accepted;
        using CancellationTokenSource giveUp = new();
        // Nobody reads 60 MB: it gets stuck on the way.
        Task stuck = one.SendAsync(new byte[60_000_000], giveUp.Token).AsTask();
        Task waiting = one.SendAsync(new byte[1], Token).AsTask();
        Assert.False(stuck.IsCompleted);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stuck);
        await Assert.ThrowsAsync<MessageConnectionException>(() => waiting);
        await Assert.ThrowsAsync<MessageConnectionException>(() => other.ReceiveAsync(Token).AsTask());
    }

    [Fact]
    public async Task A_sending_that_is_cancelled_before_its_turn_costs_nothing()
    {
        Requires.PostQuantum();
        (MessageConnection dialled, MessageConnection accepted) = await Peers.ConnectAsync();
        await using MessageConnection one = dialled, other = accepted;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one.SendAsync(new byte[1], new CancellationToken(canceled: true)).AsTask());
        await one.SendAsync(new byte[] { 3 }, Token);
        Assert.Equal([3], await other.ReceiveAsync(Token));
    }

    private static byte[] Length(uint length)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, length);
        return bytes;
    }

    private static byte[] Bytes(int seed, int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (byte)(((uint)(i + 1) * 2654435761u + (uint)seed * 40503u) >> 15);
        return bytes;
    }

    private static async Task SendAllAsync(MessageConnection connection, byte[][] messages)
    {
        foreach (byte[] message in messages)
            await connection.SendAsync(message, Token);
    }
}
