namespace QuantumFed.Qkd;

/// <summary>One end's side of a conversation: sends and checks kinds and lengths, and records both directions from the moment the block's keys are known.</summary>
internal sealed class LinkSession(IClassicalChannel channel, LinkRole role, CancellationToken cancellation)
{
    private TranscriptAuthenticator? _sent, _received;

    /// <summary>From now on everything but the tags themselves is recorded.</summary>
    internal void Record(BlockAuthentication keys) =>
        (_sent, _received) = role == LinkRole.Transmitter ? (keys.FromReference, keys.FromCorrected) : (keys.FromCorrected, keys.FromReference);

    /// <summary>Records a message that came before its keys were known.</summary>
    internal void RecordReceived(byte[] message) => _received!.Record(message);

    /// <summary>Ends the recording.</summary>
    internal void EndRecord() => (_sent, _received) = (null, null);

    internal ValueTask SendAsync(byte[] message)
    {
        if (message.Length > IClassicalChannel.MostMessageBytes)
            throw new LinkProtocolException("The message is too long for the channel.");
        _sent?.Record(message);
        return channel.SendAsync(message, cancellation);
    }

    /// <summary>The next message, which must be of this kind and have so many bytes in all, or any number when that is not given.</summary>
    internal async ValueTask<byte[]> ReceiveAsync(LinkMessageKind kind, int? length = null)
    {
        byte[] message = await channel.ReceiveAsync(cancellation).ConfigureAwait(false);
        if (message.Length == 2 && message[0] == (byte)LinkMessageKind.Refusal && Enum.IsDefined((LinkRefusal)message[1]))
            throw new LinkProtocolException((LinkRefusal)message[1]);
        Require(message, kind, length);
        _received?.Record(message);
        return message;
    }

    /// <summary>The next message, of either of two kinds.</summary>
    internal async ValueTask<byte[]> ReceiveEitherAsync(LinkMessageKind one, LinkMessageKind other)
    {
        byte[] message = await channel.ReceiveAsync(cancellation).ConfigureAwait(false);
        if (message.Length == 2 && message[0] == (byte)LinkMessageKind.Refusal && Enum.IsDefined((LinkRefusal)message[1]))
            throw new LinkProtocolException((LinkRefusal)message[1]);
        Require(message, message.Length > 0 && message[0] == (byte)other ? other : one, null);
        _received?.Record(message);
        return message;
    }

    /// <summary>Tells the other end that the block is given up.</summary>
    internal ValueTask RefuseAsync(LinkRefusal reason) => channel.SendAsync((byte[])[(byte)LinkMessageKind.Refusal, (byte)reason], cancellation);

    /// <summary>The same after an error that the caller is about to report, which matters more than another one now.</summary>
    internal async ValueTask TryRefuseAsync(LinkRefusal reason)
    {
        try
        {
            await RefuseAsync(reason).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LinkChannelException or OperationCanceledException)
        {
            // The other end finds the channel closed instead.
        }
    }

    internal static byte[] Message(LinkMessageKind kind, int contentSize)
    {
        byte[] message = new byte[1 + contentSize];
        message[0] = (byte)kind;
        return message;
    }

    private static void Require(byte[] message, LinkMessageKind kind, int? length)
    {
        if (message.Length == 0 || message[0] != (byte)kind)
            throw new LinkProtocolException($"Expected {kind}; another message came.");
        if (message.Length > IClassicalChannel.MostMessageBytes || length is { } wanted && message.Length != wanted)
            throw new LinkProtocolException($"{kind} has {message.Length} bytes, not {length}.");
    }
}
