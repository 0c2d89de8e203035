using System.Threading.Channels;

namespace QuantumFed.Qkd.Tests;

/// <summary>Two ends of a channel in memory, and whoever holds it: every message passes through <see cref="Attack"/>, which says what arrives instead.</summary>
internal sealed class MemoryChannel
{
    private readonly Channel<byte[]> _toReceiver = Channel.CreateUnbounded<byte[]>(), _toTransmitter = Channel.CreateUnbounded<byte[]>();

    private readonly int[] _underWay = new int[3];
    private int _waiting;

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

    /// <summary>Cancelled when both ends wait and nothing is under way: what a time limit would notice.</summary>
    public CancellationTokenSource Silence { get; } = new();

    private void Wait()
    {
        lock (Sent)
        {
            _waiting++;
            if (_waiting < 2 || _underWay.Sum() > 0)
                return;
        }
        Silence.Cancel();
    }

    // At once: who has its message waits no longer.
    private void WaitNoLonger(LinkRole? receivedFrom)
    {
        lock (Sent)
        {
            _waiting--;
            if (receivedFrom is { } sender)
                _underWay[(int)sender]--;
        }
    }

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
                owner._underWay[(int)role] += arriving.Length;
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
            LinkRole? from = null;
            ValueTask<byte[]> message = (role == LinkRole.Transmitter ? owner._toTransmitter : owner._toReceiver).Reader.ReadAsync(cancellation);
            owner.Wait();
            try
            {
                byte[] received = await message;
                from = role == LinkRole.Transmitter ? LinkRole.Receiver : LinkRole.Transmitter;
                return received;
            }
            catch (ChannelClosedException)
            {
                throw new LinkChannelException();
            }
            finally
            {
                owner.WaitNoLonger(from);
            }
        }

        /// <summary>This end hears nothing more, and dies of it.</summary>
        public void CloseIncoming() => (role == LinkRole.Transmitter ? owner._toTransmitter : owner._toReceiver).Writer.TryComplete();

        /// <summary>This end is gone: the other reads what is under way, then finds the channel cut.</summary>
        public void Close()
        {
            owner._toReceiver.Writer.TryComplete();
            owner._toTransmitter.Writer.TryComplete();
        }
    }
}
