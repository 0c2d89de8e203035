using QuantumFed.Learning;

namespace QuantumFed.Cli;

/// <summary>What a run over the network came to.</summary>
/// <param name="Model">The last model.</param>
/// <param name="Seconds">From the end of the first round to the end of the last, by the coordinator's events: the start of processes is in neither run.</param>
/// <param name="BytesPerMember">What a member sent to and received from the coordinator in these rounds, the mean.</param>
/// <param name="Verified">Whether the audit holds; true where there is nothing to audit.</param>
internal sealed record NetworkTiming(ModelState Model, double Seconds, double BytesPerMember, bool Verified);
