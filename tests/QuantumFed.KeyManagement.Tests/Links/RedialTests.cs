using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Protocol;
using QuantumFed.Qkd;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>How a transmitter's end looks for the receiver's that is away.</summary>
public sealed class RedialTests
{
    private const int Dials = 8;

    [Fact]
    public async Task An_end_that_is_away_for_long_is_still_dialled_every_second()
    {
        Requires.PostQuantum();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(5));
        using var folder = new TemporaryFolder();
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        using KeyStore store = KeyStore.Open(Path.Combine(folder.Path, "keys.db"), "link Transmitter", 256, time);
        HashSet<MemberId> here = [Consortium.MemberName], there = [Consortium.CoordinatorName];
        var exchange = new KeyExchange(store, allots: true, here, there, () => null, time, NullLogger.Instance);
        var end = new KeyManagement.LinkEnd(
            "link", LinkRole.Transmitter, Consortium.CoordinatorName, Consortium.Member, new LinkAgreement(DecoyProtocol.FiniteKey, FiniteKeySecurity.Default),
            () => new byte[1024], store, exchange, new LinkAlarm(), new LinkFigures("link", "kme", true, time), time, NullLogger.Instance);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var link = new SimulatedLink(OpticalChannel.Gys(10), DecoyProtocol.FiniteKey, new NoEavesdropper());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        Task running = new LinkTransmitter(
            end, "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, link, 1_000_000, _ => LinkRandomness.FromOperatingSystem()).RunAsync(stop.Token);
        Task passing = PassAsync();
        for (int i = 0; i < Dials; i++)
            (await listener.AcceptSocketAsync(limit.Token)).Dispose();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => passing);

        // A second for every timer that is set: one that waits longer waits for ever.
        async Task PassAsync()
        {
            while (true)
            {
                await time.Armed.WaitAsync(stop.Token);
                time.Advance(TimeSpan.FromSeconds(1));
            }
        }
    }
}
