using System.Threading.Channels;

namespace QuantumFed.Qkd.Tests;

/// <summary>Two ends of a channel in memory, and whoever holds it: every message passes through <see cref="Attack"/>, which says what arrives instead.</summary>
internal sealed class MemoryChannel
{
    private readonly Channel<byte[]> _toReceiver = Channel.CreateUnbounded<byte[]>(), _toTransmitter = Channel.CreateUnbounded<byte[]>();

    public MemoryChannel()
    {
        Transmitter = new End(this, LinkRole.Transmitter);
        Receiver = new End(this, LinkRole.Receiver);
    }

    public End Transmitter { get; }

    public End Receiver { get; }

    /// <summary>The number of a message over both directions in the order of sending, its sender, its bytes; returns what arrives.</summary>
    public Func<int, LinkRole, byte[], IEnumerable<byte[]>> Attack { get; set; } = (_, _, message) => [message];

    /// <summary>All messages as they were sent.</summary>
    public List<(LinkRole Sender, byte[] Message)> Sent { get; } = [];

    public sealed class End(MemoryChannel owner, LinkRole role) : IClassicalChannel
    {
        public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            Channel<byte[]> to = role == LinkRole.Transmitter ? owner._toReceiver : owner._toTransmitter;
            byte[][] arriving;
            lock (owner.Sent)
            {
                int number = owner.Sent.Count;
                owner.Sent.Add((role, message.ToArray()));
                arriving = [.. owner.Attack(number, role, message.ToArray())];
            }
            foreach (byte[] one in arriving)
            {
                if (!to.Writer.TryWrite(one))
                    throw new LinkChannelException();
            }
            return ValueTask.CompletedTask;
        }

        public async ValueTask<byte[]> ReceiveAsync(CancellationToken cancellation)
        {
            try
            {
                return await (role == LinkRole.Transmitter ? owner._toTransmitter : owner._toReceiver).Reader.ReadAsync(cancellation);
            }
            catch (ChannelClosedException)
            {
                throw new LinkChannelException();
            }
        }

        /// <summary>This end is gone: the other reads what is under way, then finds the channel cut.</summary>
        public void Close()
        {
            owner._toReceiver.Writer.TryComplete();
            owner._toTransmitter.Writer.TryComplete();
        }
    }
}
