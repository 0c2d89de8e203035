using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>The connections of a route: hops from each node to the next, and the exchange of keys between its two ends.</summary>
public static class RelayProtocols
{
    /// <summary>Keys on their way, each under a one-time pad.</summary>
    public static MessageProtocol Hop { get; } = new("qf-relay-hop/1");

    /// <summary>Both.</summary>
    public static IReadOnlyList<MessageProtocol> All { get; } = [Hop, KeyExchange.Protocol];
}
