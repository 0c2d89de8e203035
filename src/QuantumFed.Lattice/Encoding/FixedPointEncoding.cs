using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>How a consortium turns clipped, weighted numbers into integers of b bits whose sums are sums of the numbers. Immutable.</summary>
/// <remarks>
/// <para>A member with a vector v of L2 norm |v| and the weight w in (0, 1] (its rows as a fraction of the public cap) sends x = w min(1, C / |v|) v, so
/// that |x_j| &lt;= C. With the unit u = C / (2^(b-1) - 1), x_j / u is in [-(2^(b-1) - 1), 2^(b-1) - 1] and is rounded up or down at random so that its
/// expectation stays (stochastic rounding: Gupta, Agrawal, Gopalakrishnan, Narayanan, "Deep learning with limited numerical precision", ICML
/// 2015, section 3), within 2^-17: see <see cref="FixedPointKernel"/>. The integer sent is that plus 2^(b-1), in [1, 2^b - 1].</para>
/// <para>A sum s over N members decodes to u (s - N 2^(b-1)).</para>
/// </remarks>
public sealed record FixedPointEncoding
{
    /// <summary>The fewest bits.</summary>
    public const int MinBits = 2;

    private FixedPointEncoding(int bits, double clipNorm) => (Bits, ClipNorm) = (bits, clipNorm);

    /// <summary>b.</summary>
    public int Bits { get; }

    /// <summary>C, the L2 norm that a vector is clipped to.</summary>
    public double ClipNorm { get; }

    /// <summary>u: what one step of an integer stands for.</summary>
    public double Unit => ClipNorm / LargestMagnitude;

    /// <summary>2^(b-1): the integer that stands for zero.</summary>
    internal long Zero => 1L << (Bits - 1);

    /// <summary>2^(b-1) - 1.</summary>
    internal long LargestMagnitude => Zero - 1;

    /// <summary>Takes b and C, on which all members agree.</summary>
    /// <exception cref="ArgumentOutOfRangeException">b is not between 2 and 32, or C is not finite and above 0, or so small that 1/u is not finite.</exception>
    public static FixedPointEncoding Create(int bits, double clipNorm)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, MinBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, KaheParameters.MaxBitsPerValue);
        if (!double.IsFinite(clipNorm) || clipNorm <= 0)
            throw new ArgumentOutOfRangeException(nameof(clipNorm), clipNorm, "The norm to clip to is finite and above 0.");
        var encoding = new FixedPointEncoding(bits, clipNorm);
        if (!double.IsFinite(1 / encoding.Unit))
            throw new ArgumentOutOfRangeException(nameof(clipNorm), clipNorm, $"A unit of {encoding.Unit} has no finite reciprocal.");
        return encoding;
    }

    /// <summary>What one member's numbers are multiplied by.</summary>
    /// <param name="norm">The L2 norm of its whole vector: <see cref="L2Norm"/>.</param>
    /// <param name="weight">Its weight as a fraction of the public cap, in (0, 1].</param>
    /// <param name="scale">The scale.</param>
    /// <returns><see langword="false"/> where the norm is not finite: a number of the vector is not, so training has diverged.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The weight is not in (0, 1], or the norm negative.</exception>
    public bool TryScale(double norm, double weight, [NotNullWhen(true)] out FixedPointScale? scale)
    {
        if (!(weight > 0 && weight <= 1))
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "A weight is a fraction of the cap, above 0 and at most 1.");
        if (norm < 0)
            throw new ArgumentOutOfRangeException(nameof(norm), norm, "A norm is not negative.");
        // No branch on the norm: where it is 0, the quotient is infinite, and 1 the smaller.
        double clip = double.MinNative(ClipNorm / norm, 1);
        scale = double.IsFinite(norm) ? new FixedPointScale(this, clip * weight / Unit) : null;
        return scale is not null;
    }
}
