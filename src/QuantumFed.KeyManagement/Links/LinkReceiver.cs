using QuantumFed.Qkd;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>Runs the receiver's end of a link: awaits the transmitter's three connections, and distils whatever its detectors show.</summary>
/// <param name="end">What both ends have in common.</param>
/// <param name="listener">Where the transmitter's end dials.</param>
public sealed class LinkReceiver(LinkEnd end, MessageListener listener)
{
    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="KeyStoreException">The store cannot be used.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        MessageConnection? early = null;
        try
        {
            while (true)
            {
                var connections = new Dictionary<MessageProtocol, MessageConnection>();
                try
                {
                    while (connections.Count < LinkProtocols.All.Length)
                    {
                        MessageConnection connection = early ?? await AcceptAsync(cancellation).ConfigureAwait(false);
                        early = null;
                        // The transmitter's end has dialled again: what came before is dead.
                        if (connections.Remove(connection.Protocol, out MessageConnection? old))
                            await old.DisposeAsync().ConfigureAwait(false);
                        connections.Add(connection.Protocol, connection);
                    }
                    early = await ConnectedAsync(connections, cancellation).ConfigureAwait(false);
                }
                finally
                {
                    foreach (MessageConnection connection in connections.Values)
                        await connection.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
        finally
        {
            if (early is not null)
                await early.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Gives a connection that came while these were in use: the transmitter's end would not dial if they still were.
    private async Task<MessageConnection?> ConnectedAsync(Dictionary<MessageProtocol, MessageConnection> connections, CancellationToken cancellation)
    {
        LinkLog.Connected(end.Logger, end.Name, end.Role, end.Peer);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<MessageConnection> next = AcceptAsync(stop.Token);
        try
        {
            await LinkTasks.FirstFailureAsync(
                stop,
                end.Exchange.ServeAsync(connections[LinkProtocols.Keys], stop.Token),
                DistilAsync(new ClassicalConnection(connections[LinkProtocols.Classical]), connections[LinkProtocols.SimulatedFibre], stop.Token),
                next).ConfigureAwait(false);
        }
        catch (Exception error) when (error is MessageConnectionException or LinkChannelException or LinkProtocolException or KeyStoreException { IsDiskFull: true }
            || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            end.TakeEnding(error);
        }
        return next.IsCompletedSuccessfully ? await next.ConfigureAwait(false) : null;
    }

    private async Task<MessageConnection> AcceptAsync(CancellationToken cancellation)
    {
        while (true)
        {
            MessageConnection connection = await listener.AcceptAsync(cancellation).ConfigureAwait(false);
            if (connection.Peer == end.Peer)
                return connection;
            LinkLog.Disconnected(end.Logger, end.Name, end.Role, $"'{connection.Peer}' is not the other end.");
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task DistilAsync(ClassicalConnection classical, MessageConnection fibre, CancellationToken cancellation)
    {
        using ReceiverEnd distiller = ReceiverEnd.Open(end.OpenState(), end.Agreement, new StoreJournal(end.Store));
        while (true)
        {
            // As long as it takes: the transmitter sends light when its pool has room.
            byte[] shown = await fibre.ReceiveAsync(cancellation).ConfigureAwait(false);
            long started = end.Time.GetTimestamp();
            using var limit = new CancellationTokenSource(LinkEnd.BlockTime, end.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            ReceiverNotes? notes;
            bool readable = ReceiverNotes.TryRead(shown, out notes);
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(shown);
            if (!readable)
                throw new LinkProtocolException("What came over the simulated fibre is no record of detections.");
            using (notes)
            {
                using DistilledBlock block = await distiller.DistilAsync(notes!, classical, either.Token).ConfigureAwait(false);
                if (!end.Take(block, end.Time.GetElapsedTime(started)))
                    throw new LinkProtocolException($"Block {block.Number} ended as {block.Outcome}.");
            }
        }
    }
}
