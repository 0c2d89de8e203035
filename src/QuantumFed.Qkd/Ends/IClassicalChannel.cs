namespace QuantumFed.Qkd;

/// <summary>The channel beside a link's fibre: messages arrive whole and in order, anybody may read them, and whoever holds the channel may change them.</summary>
/// <remarks>
/// <para>Implementations refuse a message longer than <see cref="MostMessageBytes"/> before they take memory for it, and throw
/// <see cref="LinkChannelException"/> when the other end is gone. One call of each kind at a time.</para>
/// <para>After any exception or refused block, a channel may hold messages that nobody waits for: it must be closed, and the next block takes a new one.</para>
/// </remarks>
public interface IClassicalChannel
{
    /// <summary>The longest message that an end sends: 32 MiB.</summary>
    public const int MostMessageBytes = 1 << 25;

    /// <summary>Sends one message.</summary>
    /// <exception cref="LinkChannelException">The other end is gone.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation);

    /// <summary>Waits for the next message, which belongs to the caller.</summary>
    /// <exception cref="LinkChannelException">The other end is gone.</exception>
    ValueTask<byte[]> ReceiveAsync(CancellationToken cancellation);
}
