using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Qkd;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>The receiver's end of a link, with a transmitter's end that is played by hand.</summary>
public sealed class LinkReceiverTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4, true)]
    [InlineData(1, false)]
    public async Task What_the_other_end_finds_not_authentic_is_an_alarm_here_too(byte refusal, bool isAlarm)
    {
        Requires.PostQuantum();
        using KeyStore store = SomeKeys.Open(_folder.File("keys"));
        LinkAlarm alarm = new();
        await using MessageListener listener = await MessageListener.StartAsync(
            new IPEndPoint(IPAddress.Loopback, 0), Consortium.Coordinator, LinkProtocols.All, NullLoggerFactory.Instance, TimeProvider.System, Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task running = new LinkReceiver(End(store, alarm), listener).RunAsync(stop.Token);

        await using MessageConnection keys = await DialAsync(listener, LinkProtocols.Keys), classical = await DialAsync(listener, LinkProtocols.Classical),
            fibre = await DialAsync(listener, LinkProtocols.SimulatedFibre);
        await fibre.SendAsync(Detections(), Token);
        await classical.ReceiveAsync(Token);
        await classical.SendAsync(new byte[] { (byte)0, refusal }, Token);
        await Assert.ThrowsAsync<MessageConnectionException>(async () =>
        {
            while (true)
                await classical.ReceiveAsync(Token);
        });

        Assert.Equal(isAlarm, alarm.Reason is not null);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static KeyManagement.LinkEnd End(KeyStore store, LinkAlarm alarm) => new(
        "link-1", LinkRole.Receiver, Consortium.MemberName, Consortium.Coordinator, new LinkAgreement(DecoyProtocol.FiniteKey, FiniteKeySecurity.Default),
        () => RandomNumberGenerator.GetBytes(1024), store,
        new KeyExchange(store, allots: false, new HashSet<Protocol.MemberId> { SomeKeys.Slave }, new HashSet<Protocol.MemberId> { SomeKeys.Master }, () => alarm.Reason, TimeProvider.System, NullLogger.Instance),
        alarm, new LinkFigures("link-1", "kme-b", isSimulated: true, TimeProvider.System), TimeProvider.System, NullLogger.Instance);

    private static Task<MessageConnection> DialAsync(MessageListener listener, MessageProtocol protocol) => MessageConnection.DialAsync(
        "127.0.0.1", listener.EndPoint.Port, Consortium.Member, Consortium.CoordinatorName, protocol, TimeProvider.System, Token);

    private static byte[] Detections()
    {
        using LinkRandomness random = LinkRandomness.FromSeed(1);
        using LinkRun run = BlockSimulator.Run(new SimulatedLink(OpticalChannel.Gys(10), DecoyProtocol.FiniteKey, new NoEavesdropper()), 1_000_000, random, Token);
        using LinkNotes notes = Assert.Single(LinkNotes.Split(run));
        return notes.Receiver.ToBytes();
    }
}
