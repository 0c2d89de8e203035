namespace QuantumFed.Learning;

/// <summary>A member's update as integers, ready to be encrypted; for its own eyes.</summary>
/// <param name="Values">The integers, each below 2^b.</param>
/// <param name="Sent">What these say of each vector once the weight is divided out again: clipped and rounded.</param>
/// <param name="ClippedFrom">The L2 norm of each vector before clipping.</param>
public sealed record EncodedUpdate(uint[] Values, IReadOnlyList<double[]> Sent, IReadOnlyList<double> ClippedFrom);
