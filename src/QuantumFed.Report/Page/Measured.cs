namespace QuantumFed.Report;

/// <summary>A figure as far as it can be drawn: one that is out of its range counts as not measured.</summary>
internal static class Measured
{
    private const double MostAmount = 1e15;
    private const double LeastAmount = 1e-9;

    /// <summary>A fraction from 0 to 1, or null.</summary>
    public static double? Fraction(double? value) => value is >= 0 and <= 1 ? value : null;

    /// <summary>Seconds or bytes, or null. What is too little to draw is 0.</summary>
    public static double? Amount(double? value) => value switch
    {
        >= LeastAmount and <= MostAmount => value,
        >= 0 and < LeastAmount => 0,
        _ => null,
    };

    /// <summary>A loss, or null.</summary>
    public static double? Loss(double? value) => value is >= -MostAmount and <= MostAmount ? value : null;
}
