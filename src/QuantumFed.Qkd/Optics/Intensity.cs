namespace QuantumFed.Qkd;

/// <summary>How bright a pulse is prepared.</summary>
public enum Intensity
{
    /// <summary>The brightest, mu.</summary>
    Signal = 0,

    /// <summary>The weak decoy, nu.</summary>
    Weak = 1,

    /// <summary>The vacuum decoy, (nearly) dark.</summary>
    Vacuum = 2,
}
