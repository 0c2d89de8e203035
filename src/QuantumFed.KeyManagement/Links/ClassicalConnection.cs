using QuantumFed.Qkd;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>A link's classical channel over a connection between its two key managers.</summary>
internal sealed class ClassicalConnection(MessageConnection connection) : IClassicalChannel
{
    /// <inheritdoc/>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        try
        {
            await connection.SendAsync(message, cancellation).ConfigureAwait(false);
        }
        catch (MessageConnectionException cut)
        {
            throw new LinkChannelException(cut.Message, cut);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> ReceiveAsync(CancellationToken cancellation)
    {
        try
        {
            return await connection.ReceiveAsync(cancellation).ConfigureAwait(false);
        }
        catch (MessageConnectionException cut)
        {
            throw new LinkChannelException(cut.Message, cut);
        }
    }
}
