namespace QuantumFed.Tables;

/// <summary>How a number becomes a feature.</summary>
public enum NumberScale
{
    /// <summary>As it is.</summary>
    Plain,

    /// <summary>log(1 + x), with the sign of x: counts with a long tail.</summary>
    LogOnePlus,
}
