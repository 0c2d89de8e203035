using System.Buffers.Binary;
using System.Net.Sockets;

namespace QuantumFed.Qkd.Tests;

/// <summary>A channel between processes: each message after its length.</summary>
internal sealed class SocketChannel(Socket socket) : IClassicalChannel, IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <summary>Told of every message that arrives, before its reader.</summary>
    public Action<byte[]> Received { get; init; } = _ => { };

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, message.Length);
        try
        {
            await _stream.WriteAsync(length, cancellation);
            await _stream.WriteAsync(message, cancellation);
        }
        catch (IOException e)
        {
            throw new LinkChannelException("The other process is gone.", e);
        }
    }

    public async ValueTask<byte[]> ReceiveAsync(CancellationToken cancellation)
    {
        try
        {
            byte[] length = new byte[sizeof(int)];
            await _stream.ReadExactlyAsync(length, cancellation);
            int size = BinaryPrimitives.ReadInt32LittleEndian(length);
            if (size is < 0 or > IClassicalChannel.MostMessageBytes)
                throw new LinkChannelException("The other process sends too long a message.");
            byte[] message = new byte[size];
            await _stream.ReadExactlyAsync(message, cancellation);
            Received(message);
            return message;
        }
        catch (IOException e)
        {
            throw new LinkChannelException("The other process is gone.", e);
        }
    }

    public void Dispose() => _stream.Dispose();
}
