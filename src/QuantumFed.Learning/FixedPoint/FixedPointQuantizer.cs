namespace QuantumFed.Learning;

/// <summary>
/// Real statistics as small non-negative integers and back: exact sums, the same on every machine. Stateless and thread safe.
/// </summary>
/// <remarks>
/// <para>A value v with |v| &lt; 2^27 becomes k = round-half-even(v * 2^24), |k| &lt; 2^51, then u = k + 2^51 in [1, 2^52), and travels
/// as two limbs of 26 bits, u = low + 2^26 high, each of which fits a lattice lane for 26-bit values.</para>
/// <para>The scaling by 2^24 only changes the exponent, and rounding to an integer is one IEEE operation, so k depends on v alone.</para>
/// <para>Sums over N members. Each limb sum is at most N (2^26 - 1) &lt; 2^43 for N &lt;= 100,000 &lt; 2^17, so it fits 64 bits with room.
/// The signed integer sum is K = 2^26 (H - N 2^25) + L for the limb sums L and H, because N 2^51 = 2^26 (N 2^25). |H - N 2^25| &lt; 2^43
/// and L &lt; 2^43 are exact as doubles; so is the product with 2^26; one addition then rounds K, to nearest even, and the scaling by
/// 2^-24 is exact. Hence: the result is the double nearest to the sum of the quantised values, and exactly that sum while |K| &lt;= 2^53,
/// that is while the sum's magnitude is at most 2^29 (4 members at the bound; every realistic sum). Quantising costs at most 2^-25 per
/// member and value.</para>
/// </remarks>
public sealed class FixedPointQuantizer
{
    private const int StatisticsFractionBits = 24;
    private const int StatisticsBitsPerLimb = 26;
    private const int LimbCount = 2;
    private const ulong LimbMask = (1UL << StatisticsBitsPerLimb) - 1;
    private const long Offset = 1L << (LimbCount * StatisticsBitsPerLimb - 1);
    private const double Scale = 1 << StatisticsFractionBits;

    private FixedPointQuantizer()
    {
    }

    /// <summary>The quantiser of statistics: Newton's gradient and Hessian, counts and moments.</summary>
    public static FixedPointQuantizer Statistics { get; } = new();

    /// <summary>The width of a limb, 26 bits: every limb is below 2^26.</summary>
    public int BitsPerLimb { get; } = StatisticsBitsPerLimb;

    /// <summary>The limbs of one value, 2, the less significant first.</summary>
    public int Limbs { get; } = LimbCount;

    /// <summary>The bits after the binary point, 24: the resolution is 2^-24.</summary>
    public int FractionBits { get; } = StatisticsFractionBits;

    /// <summary>A value's magnitude, once rounded to the resolution, stays below this bound, 2^27.</summary>
    public double Bound { get; } = Offset / Scale;

    /// <summary>The most members whose limbs may be added, 100,000.</summary>
    public int MaxParticipants { get; } = 100_000;

    /// <summary>Quantises a vector, or names the first value that is not finite or not within the bound.</summary>
    /// <param name="values">The values.</param>
    /// <param name="limbs">Receives <see cref="Limbs"/> limbs per value, the less significant first; all zero where a value was
    /// refused.</param>
    /// <param name="violation">The refused value, where there is one.</param>
    /// <exception cref="ArgumentException"><paramref name="limbs"/> does not have two limbs per value.</exception>
    public bool TryQuantize(ReadOnlySpan<double> values, Span<uint> limbs, out RangeViolation violation)
    {
        if (limbs.Length != (long)values.Length * LimbCount)
            throw new ArgumentException($"{values.Length} values need {(long)values.Length * LimbCount} limbs, not {limbs.Length}.", nameof(limbs));
        for (int i = 0; i < values.Length; i++)
        {
            // Rounding comes before the comparison: a value a hair below 2^27 rounds to 2^51, which would need a 53rd bit.
            double rounded = Math.Round(values[i] * Scale, MidpointRounding.ToEven);
            if (!(Math.Abs(rounded) < Offset))
            {
                limbs.Clear();
                violation = new RangeViolation(i, values[i], Bound);
                return false;
            }

            ulong u = (ulong)((long)rounded + Offset);
            limbs[2 * i] = (uint)(u & LimbMask);
            limbs[2 * i + 1] = (uint)(u >> StatisticsBitsPerLimb);
        }

        violation = default;
        return true;
    }

    /// <summary>Turns limb sums back into sums; sums that no set of that many members can have made are refused.</summary>
    /// <param name="limbSums">The sum of each limb over all members, as decrypted.</param>
    /// <param name="participants">How many members were added, 1 to <see cref="MaxParticipants"/>.</param>
    /// <param name="sums">Receives one sum per value; all zero where the limb sums were refused.</param>
    /// <returns><see langword="false"/> where a limb sum is above participants * (2^26 - 1).</returns>
    /// <exception cref="ArgumentException">The lengths do not match, or the number of participants is out of range.</exception>
    public bool TryDequantizeSum(ReadOnlySpan<ulong> limbSums, int participants, Span<double> sums)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(participants, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(participants, MaxParticipants);
        if (limbSums.Length != (long)sums.Length * LimbCount)
            throw new ArgumentException(
                $"{sums.Length} sums come from {(long)sums.Length * LimbCount} limb sums, not {limbSums.Length}.", nameof(limbSums));

        ulong limit = (ulong)participants * LimbMask;
        long offset = (long)participants << (StatisticsBitsPerLimb - 1);
        for (int i = 0; i < sums.Length; i++)
        {
            ulong low = limbSums[2 * i], high = limbSums[2 * i + 1];
            if (low > limit || high > limit)
            {
                sums.Clear();
                return false;
            }

            // The class remarks prove that only the addition rounds.
            double sum = (double)((long)high - offset) * (1L << StatisticsBitsPerLimb) + (double)(long)low;
            sums[i] = sum / Scale;
        }

        return true;
    }

    /// <summary>As <see cref="TryDequantizeSum"/>, for limb sums the caller made itself.</summary>
    /// <exception cref="ArgumentException">As there, and where a limb sum is too large for that many members.</exception>
    public void DequantizeSum(ReadOnlySpan<ulong> limbSums, int participants, Span<double> sums)
    {
        if (!TryDequantizeSum(limbSums, participants, sums))
            throw new ArgumentException($"A limb sum is larger than {participants} members can make it.", nameof(limbSums));
    }
}
