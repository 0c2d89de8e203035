using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>The next node of a route, and the way to it.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Host">Where it listens.</param>
/// <param name="Port">Its port.</param>
/// <param name="Keys">This node's key manager on the link to it; its keys have <see cref="RelayNode.HopKeySizeInBits"/> bits.</param>
public sealed record RelayNeighbour(MemberId Node, string Host, int Port, IQuantumKeySource Keys);
