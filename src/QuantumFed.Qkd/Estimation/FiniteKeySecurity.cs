namespace QuantumFed.Qkd;

/// <summary>How sure the parties want to be of a key.</summary>
/// <param name="SecrecyEpsilon">epsilon_sec: how far the key may be from one that nobody knows anything about.</param>
/// <param name="CorrectnessEpsilon">epsilon_cor: how probable it may be that the parties' keys differ unnoticed.</param>
public readonly record struct FiniteKeySecurity(double SecrecyEpsilon, double CorrectnessEpsilon)
{
    /// <summary>10^-10 and 10^-15.</summary>
    public static FiniteKeySecurity Default { get; } = new(1e-10, 1e-15);
}
