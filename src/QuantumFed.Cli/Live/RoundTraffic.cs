using QuantumFed.Node;

namespace QuantumFed.Cli;

/// <summary>Bytes of one kind of message in one step of a round, of all members together.</summary>
/// <param name="Step">The step.</param>
/// <param name="Kind">What the messages were.</param>
/// <param name="ReceivedBytes">From members to the coordinator.</param>
/// <param name="SentBytes">From the coordinator to members.</param>
internal sealed record RoundTraffic(RoundStep Step, TrafficKind Kind, long ReceivedBytes, long SentBytes);
