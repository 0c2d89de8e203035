namespace QuantumFed.Federation;

/// <summary>What a member contributes to a round, and what it must remember if the round comes to count it.</summary>
/// <param name="Values">The integers to encrypt.</param>
/// <param name="ControlChange">How its SCAFFOLD control variate changes, exactly as it was sent; null for every other method.</param>
public sealed record MemberContribution(uint[] Values, double[]? ControlChange);
