namespace QuantumFed.Qkd;

/// <summary>The share of pulses that an eavesdropper attacks.</summary>
internal static class AttackedFraction
{
    /// <exception cref="ArgumentOutOfRangeException">It is not between 0 and 1.</exception>
    internal static double Checked(double fraction) => fraction is >= 0 and <= 1
        ? fraction
        : throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The attacked share of the pulses lies between 0 and 1.");
}
