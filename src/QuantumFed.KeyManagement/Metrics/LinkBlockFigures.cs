namespace QuantumFed.KeyManagement;

/// <summary>One block of a link, as its metrics count it.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Qber">The share of bits that were wrong.</param>
/// <param name="SiftedBits">Bits after sifting.</param>
/// <param name="SecretBits">Bits of key that it brought.</param>
/// <param name="Duration">How long it took.</param>
public sealed record LinkBlockFigures(string Outcome, double Qber, long SiftedBits, long SecretBits, TimeSpan Duration);
