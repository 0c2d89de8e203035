namespace QuantumFed.Learning;

/// <summary>A value that a <see cref="FixedPointQuantizer"/> refused. For its owner only: the value is one of the member's own
/// statistics.</summary>
/// <param name="Index">The value's place in the vector.</param>
/// <param name="Value">The value; possibly NaN or infinite.</param>
/// <param name="Bound">The bound that its magnitude must stay below.</param>
public readonly record struct RangeViolation(int Index, double Value, double Bound);
