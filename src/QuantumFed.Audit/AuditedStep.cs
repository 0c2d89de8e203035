using QuantumFed.Protocol;

namespace QuantumFed.Audit;

/// <summary>A transaction of a round on the archived chain.</summary>
/// <param name="Block">The block it is in.</param>
/// <param name="Function">The contract's function that was called.</param>
/// <param name="Party">Who called it.</param>
/// <param name="Transaction">Its hash.</param>
public sealed record AuditedStep(ulong Block, string Function, string Party, Digest Transaction);
