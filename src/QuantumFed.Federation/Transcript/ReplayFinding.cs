namespace QuantumFed.Federation;

/// <summary>Something in a round's record that does not hold.</summary>
/// <param name="Subject">The transcript object or ledger step concerned.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record ReplayFinding(string Subject, string Problem);
