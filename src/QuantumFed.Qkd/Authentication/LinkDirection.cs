namespace QuantumFed.Qkd;

/// <summary>Who sends on a link's classical channel.</summary>
public enum LinkDirection
{
    /// <summary>From the end whose key is the reference.</summary>
    FromReference,

    /// <summary>From the end whose key is corrected.</summary>
    FromCorrected,
}
