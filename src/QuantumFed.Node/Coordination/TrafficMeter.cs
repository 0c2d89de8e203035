using Google.Protobuf;

namespace QuantumFed.Node;

/// <summary>
/// Counts the bytes of the messages that members send and get, by kind. What gRPC, HTTP/2 and TLS add to a message is not in it. Thread-safe.
/// </summary>
internal sealed class TrafficMeter
{
    private static readonly TrafficKind[] Kinds = Enum.GetValues<TrafficKind>();

    private readonly long[] _received = new long[Kinds.Length];
    private readonly long[] _sent = new long[Kinds.Length];

    /// <summary>Counts a message from a member.</summary>
    public void Received(TrafficKind kind, IMessage message) => Interlocked.Add(ref _received[(int)kind], message.CalculateSize());

    /// <summary>Counts a message to a member.</summary>
    public void Sent(TrafficKind kind, IMessage message) => Interlocked.Add(ref _sent[(int)kind], message.CalculateSize());

    /// <summary>What was counted since the last time, and starts from zero; kinds of which there was nothing are left out.</summary>
    public IReadOnlyList<(TrafficKind Kind, long Received, long Sent)> Take() =>
        [.. Kinds
            .Select(kind => (kind, Interlocked.Exchange(ref _received[(int)kind], 0), Interlocked.Exchange(ref _sent[(int)kind], 0)))
            .Where(count => count is not (_, 0, 0))];
}
