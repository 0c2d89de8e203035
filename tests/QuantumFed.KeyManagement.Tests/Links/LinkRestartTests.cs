using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Protocol;
using QuantumFed.Qkd;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>Both ends of a link, run until they have a block's key, stopped, and run again.</summary>
public sealed class LinkRestartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentBag<int> _told = [];
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(1024);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_run_of_light_has_the_number_of_one_that_brought_key_before_a_restart()
    {
        Requires.PostQuantum();
        List<ulong> first = await RunAsync(), second = await RunAsync();
        Assert.NotEmpty(first);
        Assert.NotEmpty(second);
        Assert.Empty(first.Intersect(second));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_ends_tell_of_a_block_whose_key_is_no_secret(bool isSeeded)
    {
        Requires.PostQuantum();
        await RunAsync(isSeeded ? LinkRandomness.FromSeed : null);
        // One of each end.
        Assert.Equal(isSeeded, _told.Count(id => id == 4106) >= 2);
        Assert.Equal(!isSeeded, _told.All(id => id != 4106));
    }

    // Until both ends have a key more; gives the numbers of the runs.
    private async Task<List<ulong>> RunAsync(Func<ulong, LinkRandomness>? randomness = null)
    {
        using KeyStore sending = SomeKeys.Open(_folder.File("sending"), capacity: 1), receiving = SomeKeys.Open(_folder.File("receiving"), capacity: 1);
        while (sending.StoredUnits > 0)
            SomeKeys.SetAside(sending);
        ulong? before = sending.LastBlock;
        await using MessageListener listener = await MessageListener.StartAsync(
            new IPEndPoint(IPAddress.Loopback, 0), Consortium.Coordinator, LinkProtocols.All, NullLoggerFactory.Instance, TimeProvider.System, Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task receiver = new LinkReceiver(End(LinkRole.Receiver, receiving), listener).RunAsync(stop.Token);
        List<ulong> numbers = [];
        Task transmitter = new LinkTransmitter(
            End(LinkRole.Transmitter, sending), "127.0.0.1", listener.EndPoint.Port, new SimulatedLink(OpticalChannel.Gys(10), DecoyProtocol.FiniteKey, new NoEavesdropper()), 500_000_000,
            number =>
            {
                numbers.Add(number);
                return randomness?.Invoke(number) ?? LinkRandomness.FromOperatingSystem();
            }).RunAsync(stop.Token);
        while (sending.LastBlock == before || receiving.LastBlock != sending.LastBlock)
        {
            Assert.False(receiver.IsCompleted || transmitter.IsCompleted);
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transmitter);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiver);
        return numbers;
    }

    private KeyManagement.LinkEnd End(LinkRole role, KeyStore store)
    {
        bool sends = role == LinkRole.Transmitter;
        HashSet<MemberId> here = [SomeKeys.Master], there = [SomeKeys.Slave];
        return new KeyManagement.LinkEnd(
            "link-1", role, sends ? Consortium.CoordinatorName : Consortium.MemberName, sends ? Consortium.Member : Consortium.Coordinator,
            new LinkAgreement(DecoyProtocol.FiniteKey, FiniteKeySecurity.Default), () => [.. _secret], store,
            new KeyExchange(store, sends, sends ? here : there, sends ? there : here, () => null, TimeProvider.System, NullLogger.Instance),
            new LinkAlarm(), new LinkFigures("link-1", "kme", isSimulated: true, TimeProvider.System), TimeProvider.System, new Ear(_told));
    }

    private sealed class Ear(ConcurrentBag<int> told) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => told.Add(eventId.Id);
    }
}
