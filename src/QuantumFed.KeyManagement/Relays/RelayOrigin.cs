using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>
/// The first node's end of a route: makes keys from the operating system's randomness, sends them over the route, and keeps each once it has arrived, as long as
/// the pool has room. A block whose arrival it does not hear of is lost: its number is used up, and the other end's copy is dropped when the ends next compare.
/// </summary>
/// <param name="route">The route.</param>
/// <param name="node">The first node.</param>
/// <param name="store">Its keys.</param>
/// <param name="alarm">Why the route brings nothing.</param>
/// <param name="figures">Where each block is counted.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where to tell.</param>
public sealed partial class RelayOrigin(RelayRoute route, RelayNode node, KeyStore store, LinkAlarm alarm, LinkFigures figures, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250), FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="KeyStoreException">The store cannot be used, and not for want of room on the disk.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        TimeSpan pause = FirstPause;
        while (true)
        {
            while (store.StoredUnits + RelayNode.BlockSizeInBytes / KeyUnit.SizeInBytes > store.CapacityInUnits)
                await Task.Delay(Look, time, cancellation).ConfigureAwait(false);
            long started = time.GetTimestamp();
            byte[] key = GC.AllocateArray<byte>(RelayNode.BlockSizeInBytes, pinned: true);
            try
            {
                ulong block = TakeNumber();
                RandomNumberGenerator.Fill(key);
                await node.SendAsync(block, key, cancellation).ConfigureAwait(false);
                store.Save(Number(block + 1), block, key);
                figures.Add(new LinkBlockFigures("Delivered", 0, 0, 8L * key.Length, time.GetElapsedTime(started)));
                if (alarm.Clear())
                    Log.RouteBack(logger, route.Name);
                pause = FirstPause;
            }
            catch (Exception error) when (error is RelayException or KeyStoreException { IsDiskFull: true })
            {
                figures.Add(new LinkBlockFigures("Lost", 0, 0, 0, time.GetElapsedTime(started)));
                // The log tells all; applications, and in the end the round's record, are not told a neighbour's address.
                if (alarm.Raise(error is KeyStoreException ? LinkAlarm.DiskFull : $"no key gets over the route {route}"))
                    Log.RouteDown(logger, route.Name, error.Message);
                await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(key);
            }
        }
    }

    // Used up before anything is sent: the other end may have it, with another key than a second attempt's.
    private ulong TakeNumber()
    {
        byte[]? saved = store.ReadLinkState();
        ulong block = saved is { Length: sizeof(ulong) } ? BinaryPrimitives.ReadUInt64BigEndian(saved) : 0;
        store.Save(Number(block + 1), 0, []);
        return block;
    }

    private static byte[] Number(ulong block)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, block);
        return bytes;
    }

    private static partial class Log
    {
        [LoggerMessage(4303, LogLevel.Warning, "{Route}: no key gets over the route: {Reason}")]
        public static partial void RouteDown(ILogger logger, string route, string reason);

        [LoggerMessage(4304, LogLevel.Information, "{Route}: keys get over the route again.")]
        public static partial void RouteBack(ILogger logger, string route);
    }
}
