using QuantumFed.Qkd;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>
/// Runs the transmitter's end of a link: dials the receiver's, keeps the pool filled, and dials again when the connection is cut. The light is simulated here.
/// </summary>
/// <param name="end">What both ends have in common.</param>
/// <param name="host">Where the receiver's end listens.</param>
/// <param name="port">Its port.</param>
/// <param name="link">What is simulated.</param>
/// <param name="pulsesPerBlock">The pulses of a block.</param>
/// <param name="randomness">Makes the randomness of a run from its number, which no run has again, even after a restart, once a key may have come of it. A seeded one repeats
/// for the same number.</param>
public sealed class LinkTransmitter(LinkEnd end, string host, int port, SimulatedLink link, long pulsesPerBlock, Func<ulong, LinkRandomness> randomness)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    // A link under attack goes on looking whether the attack is over, ever more rarely: a block costs light and time, and an aborted one brings nothing.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(30);

    // Whether the connection that ended last ended in the middle of a block.
    private bool _cutOff;
    private ulong? _begun;
    private ulong _runs;

    /// <summary>The protocols that the receiver's end must accept.</summary>
    public static IReadOnlyList<MessageProtocol> Protocols => LinkProtocols.All;

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="KeyStoreException">The store cannot be used.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        TimeSpan pause = FirstPause;
        while (true)
        {
            ulong? before = end.Store.LastBlock;
            _cutOff = false;
            try
            {
                await ConnectedAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception error) when (error is MessageConnectionException or LinkChannelException or LinkProtocolException or KeyStoreException { IsDiskFull: true }
                || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                end.TakeEnding(error);
            }
            // Somebody who disturbs every block costs the link 512 bits of its reserve each time, and shall not do so once a second. Another end that is
            // away costs nothing, and is found soon after it is back.
            if (end.Store.LastBlock != before)
                pause = FirstPause;
            await Task.Delay(_cutOff ? pause : FirstPause, end.Time, cancellation).ConfigureAwait(false);
            if (_cutOff)
                pause = Longer(pause);
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private async Task ConnectedAsync(CancellationToken cancellation)
    {
        await using MessageConnection keys = await DialAsync(LinkProtocols.Keys, cancellation).ConfigureAwait(false);
        await using MessageConnection classical = await DialAsync(LinkProtocols.Classical, cancellation).ConfigureAwait(false);
        await using MessageConnection fibre = await DialAsync(LinkProtocols.SimulatedFibre, cancellation).ConfigureAwait(false);
        LinkLog.Connected(end.Logger, end.Name, end.Role, end.Peer);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await LinkTasks.FirstFailureAsync(
            stop, end.Exchange.ServeAsync(keys, stop.Token), FillAsync(new ClassicalConnection(classical), fibre, stop.Token)).ConfigureAwait(false);
    }

    private Task<MessageConnection> DialAsync(MessageProtocol protocol, CancellationToken cancellation) =>
        MessageConnection.DialAsync(host, port, end.Identity, end.Peer, protocol, end.Time, cancellation);

    private async Task FillAsync(ClassicalConnection classical, MessageConnection fibre, CancellationToken cancellation)
    {
        using TransmitterEnd distiller = TransmitterEnd.Open(end.OpenState(), end.Agreement, new StoreJournal(end.Store));
        TimeSpan pause = FirstPause;
        while (true)
        {
            while (end.Store.StoredUnits >= end.Store.CapacityInUnits)
                await Task.Delay(Look, end.Time, cancellation).ConfigureAwait(false);
            ulong number = NextRun(distiller.State.Ledger.Blocks);
            IReadOnlyList<LinkNotes> blocks = await Task.Run(() => Transmit(number), cancellation).ConfigureAwait(false);
            bool delivered = true;
            foreach (LinkNotes notes in blocks)
            {
                using (notes)
                    delivered &= await DistilAsync(distiller, notes, classical, fibre, cancellation).ConfigureAwait(false);
            }
            if (!delivered)
                await Task.Delay(pause, end.Time, cancellation).ConfigureAwait(false);
            pause = delivered ? FirstPause : Longer(pause);
        }

        IReadOnlyList<LinkNotes> Transmit(ulong number)
        {
            using LinkRandomness random = randomness(number);
            using LinkRun run = BlockSimulator.Run(link, pulsesPerBlock, random, cancellation);
            return LinkNotes.Split(run);
        }
    }

    // The state counts a block before a key can come of it, and is on the disk; what was sent since then brought none.
    private ulong NextRun(ulong begun)
    {
        (_begun, _runs) = (begun, begun == _begun ? _runs + 1 : 0);
        return (begun << 32) + _runs;
    }

    // Whether it brought key; a block after which the channel cannot be used any more ends the connection.
    private async Task<bool> DistilAsync(
        TransmitterEnd distiller, LinkNotes notes, ClassicalConnection classical, MessageConnection fibre, CancellationToken cancellation)
    {
        _cutOff = true;
        long started = end.Time.GetTimestamp();
        using var limit = new CancellationTokenSource(LinkEnd.BlockTime, end.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        byte[] shown = notes.Receiver.ToBytes();
        try
        {
            await fibre.SendAsync(shown, either.Token).ConfigureAwait(false);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(shown);
            notes.Receiver.Dispose();
        }
        using DistilledBlock block = await distiller.DistilAsync(notes.Transmitter, classical, either.Token).ConfigureAwait(false);
        if (!end.Take(block, end.Time.GetElapsedTime(started)))
            throw new LinkProtocolException($"Block {block.Number} ended as {block.Outcome}.");
        _cutOff = false;
        return block.Outcome == BlockOutcome.Delivered;
    }
}
