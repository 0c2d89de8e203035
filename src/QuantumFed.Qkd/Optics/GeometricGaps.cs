using System.Runtime.Intrinsics;

namespace QuantumFed.Qkd;

/// <summary>How many pulses pass before one is detected: floor(ln u / ln(1 - p)), for u uniform over (0, 1], has the geometric distribution.</summary>
/// <remarks>
/// <para>The logarithm is made of + - * / alone, lane by lane, so that a seed gives the same gaps whatever the width of the machine's vectors.</para>
/// <para>u has 52 bits: gaps end at 36/p, which one in 2^52 would pass.</para>
/// </remarks>
internal static class GeometricGaps
{
    private const long MantissaMask = 0xFFFFFFFFFFFFF;
    private const long One = 0x3FF0000000000000;
    private const double MostPulses = 1e18;

    /// <summary>Overwrites <paramref name="gaps"/>, whose length is a multiple of 8, from as many uniform words.</summary>
    /// <param name="uniform">Random words.</param>
    /// <param name="gaps">Whole numbers, at most 1e18.</param>
    /// <param name="clickProbability">p, in (0, 1).</param>
    internal static void Fill(ReadOnlySpan<ulong> uniform, Span<double> gaps, double clickProbability)
    {
        // ln(1 - p) with p's digits kept (Kahan): the rounding of 1 - p is divided out.
        double rounded = 1 - clickProbability;
        double logarithm = rounded == 1 ? -clickProbability : Math.Log(rounded) * (clickProbability / (1 - rounded));
        Vector512<double> scale = Vector512.Create(1 / logarithm), most = Vector512.Create(MostPulses);
        for (int i = 0; i < gaps.Length; i += Vector512<double>.Count)
        {
            Vector512<ulong> words = Vector512.Create(uniform.Slice(i, Vector512<ulong>.Count));
            // 2 - [1, 2) is (0, 1], and exact.
            Vector512<double> u = Vector512.Create(2.0) - ((words >>> 12) | Vector512.Create((ulong)One)).AsDouble();
            Vector512.Floor(Vector512.Min(Logarithm(u) * scale, most)).CopyTo(gaps[i..]);
        }
    }

    /// <summary>ln x for normal x &gt; 0, as RandomStream computes it: x = m 2^e with m in [sqrt(1/2), sqrt(2)), ln m = 2 artanh((m - 1)/(m + 1)).</summary>
    internal static Vector512<double> Logarithm(Vector512<double> x)
    {
        Vector512<long> bits = x.AsInt64();
        Vector512<double> exponent = Vector512.ConvertToDouble((bits >> 52) - Vector512.Create(1023L));
        Vector512<double> mantissa = ((bits & Vector512.Create(MantissaMask)) | Vector512.Create(One)).AsDouble();
        Vector512<double> large = Vector512.GreaterThan(mantissa, Vector512.Create(1.41421356237309504880168872421));
        mantissa = Vector512.ConditionalSelect(large, mantissa * 0.5, mantissa);
        exponent += large & Vector512<double>.One;
        Vector512<double> s = (mantissa - Vector512<double>.One) / (mantissa + Vector512<double>.One);
        Vector512<double> s2 = s * s, series = Vector512<double>.Zero;
        // |s| < 0.1716: the first omitted term, s^25/25, is below 2^-67 of the sum.
        foreach (double coefficient in (ReadOnlySpan<double>)[1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1.0])
            series = series * s2 + Vector512.Create(coefficient);
        return exponent * 0.693147180559945309417232121458 + 2.0 * s * series;
    }
}
