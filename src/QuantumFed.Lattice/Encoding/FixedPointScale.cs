namespace QuantumFed.Lattice;

/// <summary>What one member's vector is multiplied by on its way to integers: from its norm and weight, so it is secret. Immutable.</summary>
public sealed class FixedPointScale
{
    internal FixedPointScale(FixedPointEncoding encoding, double factor) => (Encoding, Factor) = (encoding, factor);

    /// <summary>The encoding it is for.</summary>
    public FixedPointEncoding Encoding { get; }

    /// <summary>Weight times clipping over the unit, finite and not negative.</summary>
    internal double Factor { get; }
}
