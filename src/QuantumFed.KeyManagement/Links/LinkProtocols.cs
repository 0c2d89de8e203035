using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>The three connections of a link, all dialled by the transmitter's end.</summary>
internal static class LinkProtocols
{
    /// <summary>Post-processing: everybody may read it, its authenticity is the link's own.</summary>
    public static readonly MessageProtocol Classical = new("qf-link-classical/1");

    /// <summary>
    /// What stands in for the fibre: the transmitter's process simulates the light, and hands the receiver what its detectors show. Real links have glass here.
    /// </summary>
    public static readonly MessageProtocol SimulatedFibre = new("qf-link-simulated-fibre/1");

    /// <summary>Which units became which keys.</summary>
    public static readonly MessageProtocol Keys = KeyExchange.Protocol;

    /// <summary>All three.</summary>
    public static readonly MessageProtocol[] All = [Classical, SimulatedFibre, Keys];
}
