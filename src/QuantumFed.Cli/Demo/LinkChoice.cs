using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>The simulated quantum links of a demo.</summary>
/// <param name="Policy">What a member does when its link gives no key.</param>
/// <param name="Kilometres">The length of every fibre.</param>
/// <param name="Eavesdropped">The member whose fibre is tapped, or null for nobody's.</param>
/// <param name="Attack">How.</param>
internal sealed record LinkChoice(LinkPolicy Policy, double Kilometres, string? Eavesdropped, string Attack);
