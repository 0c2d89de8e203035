using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using QuantumFed.Protocol;

namespace QuantumFed.Transport.Tests;

/// <summary>Who gets a connection of messages, and what strangers can hold up.</summary>
public sealed class MessageListenerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_caller_gets_the_protocol_it_asked_for()
    {
        Requires.PostQuantum();
        await using MessageListener listener = await Peers.ListenAsync(protocols: [Peers.Protocol, Peers.OtherProtocol]);
        foreach (MessageProtocol protocol in (MessageProtocol[])[Peers.OtherProtocol, Peers.Protocol])
        {
            await using MessageConnection dialled = await Peers.DialAsync(listener, protocol: protocol);
            await using MessageConnection accepted = await listener.AcceptAsync(Token);
            Assert.Equal((protocol, protocol), (dialled.Protocol, accepted.Protocol));
        }
    }

    [Fact]
    public async Task A_caller_of_another_protocol_is_refused()
    {
        Requires.PostQuantum();
        await using MessageListener listener = await Peers.ListenAsync();
        await Assert.ThrowsAsync<MessageConnectionException>(() => Peers.DialAsync(listener, protocol: Peers.OtherProtocol));
        await AssertNobodyElseCameAsync(listener);
    }

    [Fact]
    public async Task A_caller_of_no_protocol_is_refused()
    {
        Requires.PostQuantum();
        await using MessageListener listener = await Peers.ListenAsync();
        await AssertCutOffAsync(() => Peers.DialRawAsync(listener, Consortium.Member.Certificate, null));
        await AssertNobodyElseCameAsync(listener);
    }

    [Fact]
    public async Task A_caller_without_a_certificate_or_with_one_of_another_consortium_or_algorithm_is_refused()
    {
        Requires.PostQuantum();
        await using MessageListener listener = await Peers.ListenAsync();
        using NodeIdentity stranger = Consortium.OtherAuthority.IssueClient(Consortium.MemberName, TimeSpan.FromDays(1));
        using X509Certificate2 classical = Consortium.ClassicalMember();
        foreach (X509Certificate2? certificate in (X509Certificate2?[])[null, stranger.Certificate, classical])
            await AssertCutOffAsync(() => Peers.DialRawAsync(listener, certificate, "qf-test/1"));
        await AssertNobodyElseCameAsync(listener);
    }

    [Fact]
    public async Task A_listener_of_another_consortium_is_refused()
    {
        Requires.PostQuantum();
        using NodeIdentity impostor = Consortium.OtherAuthority.IssueServer(Consortium.CoordinatorName, ["localhost"], TimeSpan.FromDays(1));
        await using MessageListener listener = await Peers.ListenAsync(impostor);
        MessageConnectionException refused = await Assert.ThrowsAsync<MessageConnectionException>(() => Peers.DialAsync(listener));
        Assert.Contains("not signed by the consortium's root", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_of_another_name_is_refused()
    {
        Requires.PostQuantum();
        await using MessageListener listener = await Peers.ListenAsync();
        MessageConnectionException refused = await Assert.ThrowsAsync<MessageConnectionException>(() => Peers.DialAsync(listener, expected: MemberId.Parse("key-manager")));
        Assert.Contains("the server is coordinator, not key-manager", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_at_the_port_is_said_with_the_port()
    {
        Requires.PostQuantum();
        MessageListener listener = await Peers.ListenAsync();
        await listener.DisposeAsync();
        MessageConnectionException refused = await Assert.ThrowsAsync<MessageConnectionException>(() => Peers.DialAsync(listener));
        Assert.Contains($"127.0.0.1:{listener.EndPoint.Port}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_few_slow_strangers_hold_up_nobody()
    {
        Requires.PostQuantum();
        await using MessageListener listener = await Peers.ListenAsync(time: new ManualTime(TimeProvider.System.GetUtcNow()));
        Socket[] silent = await ConnectSilentAsync(listener, 10);
        await using MessageConnection dialled = await Peers.DialAsync(listener);
        await using MessageConnection accepted = await listener.AcceptAsync(Token);
        Array.ForEach(silent, socket => socket.Dispose());
    }

    [Fact]
    public async Task Many_slow_strangers_hold_up_others_only_until_their_time_is_over()
    {
        Requires.PostQuantum();
        ManualTime time = new(TimeProvider.System.GetUtcNow());
        await using MessageListener listener = await Peers.ListenAsync(time: time);
        Socket[] silent = await ConnectSilentAsync(listener, 16);
        for (int i = 0; i < silent.Length; i++)
            await time.Armed.WaitAsync(Token);
        Task<MessageConnection> dialling = Peers.DialAsync(listener);
        time.Advance(TimeSpan.FromSeconds(11));
        await using MessageConnection dialled = await dialling;
        await using MessageConnection accepted = await listener.AcceptAsync(Token);
        foreach (Socket socket in silent)
        {
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1], Token));
            socket.Dispose();
        }
    }

    [Fact]
    public async Task Strangers_that_send_garbage_or_hang_up_end_nothing()
    {
        Requires.PostQuantum();
        await using MessageListener listener = await Peers.ListenAsync();
        for (int i = 0; i < 40; i++)
        {
            foreach (Socket socket in await ConnectSilentAsync(listener, 1))
            {
                if (i % 2 == 0)
                    await socket.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Token);
                else
                    socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
            }
        }
        await AssertNobodyElseCameAsync(listener);
    }

    [Fact]
    public async Task Disposing_ends_the_waiting_and_cuts_who_was_not_accepted()
    {
        Requires.PostQuantum();
        MessageListener listener = await Peers.ListenAsync();
        await using MessageConnection never = await Peers.DialAsync(listener);
        await using MessageConnection first = await listener.AcceptAsync(Token);
        Task<MessageConnection> waiting = listener.AcceptAsync(Token).AsTask();
        Socket[] silent = await ConnectSilentAsync(listener, 3);
        await listener.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => listener.AcceptAsync(Token).AsTask());
        await listener.DisposeAsync();
        // An accepted connection is its owner's.
        await first.SendAsync(new byte[] { 1 }, Token);
        Assert.Equal([1], await never.ReceiveAsync(Token));
        Array.ForEach(silent, socket => socket.Dispose());
    }

    [Theory]
    [InlineData(null, "OPENSSL_CONF is not set")]
    [InlineData("network/openssl/member.cnf", "MinProtocol = TLSv1.2 instead of TLSv1.3")]
    [InlineData("network/openssl/server.cnf", "serves")]
    public async Task A_process_listens_only_under_the_strict_profile(string? configuration, string said)
    {
        Requires.PostQuantum();
        string path = configuration is null ? "" : Repository.File(configuration);
        Assert.Contains(said, await ProfileProbe.TryToServeAsync(configuration is null ? null : path, messages: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ä/1")]
    public void A_protocol_has_an_ASCII_name(string name)
    {
        Assert.Throws<ArgumentException>(() => new MessageProtocol(name));
        Assert.Throws<ArgumentException>(() => new MessageProtocol(new string('a', 256)));
        Assert.Equal(255, new MessageProtocol(new string('a', 255)).ToString().Length);
    }

    private static async Task<Socket[]> ConnectSilentAsync(MessageListener listener, int count)
    {
        Socket[] sockets = new Socket[count];
        for (int i = 0; i < count; i++)
        {
            sockets[i] = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await sockets[i].ConnectAsync(listener.EndPoint, Token);
        }
        return sockets;
    }

    // In TLS 1.3 a client is done before the server has seen its certificate: the refusal comes with the first reading.
    private static async Task AssertCutOffAsync(Func<Task<SslStream>> dial)
    {
        try
        {
            await using SslStream stream = await dial();
            Assert.Equal(0, await stream.ReadAsync(new byte[1], Token));
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // Refused with an alert.
        }
    }

    // The listener works on, and the first that it hands out is the one who may come.
    private static async Task AssertNobodyElseCameAsync(MessageListener listener)
    {
        await using MessageConnection dialled = await Peers.DialAsync(listener);
        await using MessageConnection accepted = await listener.AcceptAsync(Token);
        await dialled.SendAsync(new byte[] { 9 }, Token);
        Assert.Equal([9], await accepted.ReceiveAsync(Token));
    }
}
