using System.Net;

namespace QuantumFed.Besu;

/// <summary>Where a validator runs.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Host">The IPv4 address by which its peers reach it.</param>
/// <param name="PeerPort">The TCP port for peers.</param>
/// <param name="RpcPort">The TCP port of JSON-RPC, with TLS.</param>
/// <param name="MetricsPort">The TCP port of its metrics, without any protection.</param>
/// <param name="OwnKey">The key that its operator made and keeps; null if it is made with the network.</param>
public sealed record ValidatorPlace(int Number, IPAddress Host, int PeerPort, int RpcPort, int MetricsPort, NodePublicKey? OwnKey = null)
{
    /// <summary>The validator's name: of its folder, its service and its certificate.</summary>
    public string Name => $"validator-{Number}";
}
