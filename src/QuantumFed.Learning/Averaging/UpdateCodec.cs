using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using QuantumFed.Randomness;

namespace QuantumFed.Learning;

/// <summary>
/// Weighted updates as small integers whose sum is exact federated averaging: clipped, scaled by the member's secret weight, rounded
/// stochastically, with the weight itself beside them. Immutable and thread safe.
/// </summary>
/// <remarks>
/// <para>A vector is scaled down to L2 norm C where it is longer. With the weight w = min(rows, cap) it becomes x = (w / cap) v, so |x_j| &lt;= C;
/// then k = floor(x S + u), S = (2^(b-1) - 1) / C, u uniform in [0, 1): the expectation of k / S is x (stochastic rounding: Gupta et al., ICML
/// 2015, section 3). |x S| &lt;= 2^(b-1) - 1, so k is in [-(2^(b-1) - 1), 2^(b-1) - 1] up to a rounding of the product, which is clamped away, and
/// 2^(b-1) + k is in [1, 2^b - 1]: b bits.</para>
/// <para>The weight travels as two limbs of b bits, so the cap is below 2^(2b). Sums over N &lt;= 100,000 members of b &lt;= 24 bits are below 2^41 and
/// exact as doubles. The mean of a vector is (cap / S) (sum of k) / (sum of w): scalar arithmetic in a fixed order, the same bits everywhere.</para>
/// </remarks>
public sealed class UpdateCodec
{
    /// <summary>Bits of one value, 16: two lanes of a 49-bit modulus for up to 16 members.</summary>
    public const int DefaultBits = 16;

    /// <summary>The integers that hold the weight.</summary>
    public const int WeightLimbs = 2;

    private const int MinBits = 8;
    private const int MaxBits = 24;
    private const int MaxParticipants = 100_000;

    private readonly double[] _clipNorms;

    /// <summary>A codec for vectors of one length.</summary>
    /// <param name="parameterCount">P, the length of each vector.</param>
    /// <param name="clipNorms">The L2 norm C that each vector is clipped to, finite and above 0; one or two.</param>
    /// <param name="weightCap">The public bound on a member's weight, at least 1 and below 2^(2b).</param>
    /// <param name="bits">b, 8 to 24.</param>
    /// <exception cref="ArgumentException">An argument is out of range.</exception>
    public UpdateCodec(int parameterCount, IReadOnlyList<double> clipNorms, long weightCap, int bits = DefaultBits)
    {
        ArgumentNullException.ThrowIfNull(clipNorms);
        ArgumentOutOfRangeException.ThrowIfLessThan(parameterCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parameterCount, ModelShape.MaxParameterCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, MinBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MaxBits);
        ArgumentOutOfRangeException.ThrowIfLessThan(weightCap, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(weightCap, 1L << (WeightLimbs * bits));
        if (clipNorms.Count is < 1 or > 2 || clipNorms.Any(norm => !double.IsFinite(norm) || norm <= 0))
            throw new ArgumentException("There are one or two clip norms, finite and above 0.", nameof(clipNorms));
        ParameterCount = parameterCount;
        _clipNorms = [.. clipNorms];
        WeightCap = weightCap;
        Bits = bits;
    }

    /// <summary>P.</summary>
    public int ParameterCount { get; }

    /// <summary>The vectors of an update: 1, or 2 for SCAFFOLD.</summary>
    public int VectorCount => _clipNorms.Length;

    /// <summary>The public bound on a member's weight.</summary>
    public long WeightCap { get; }

    /// <summary>b: each integer is below 2^b.</summary>
    public int Bits { get; }

    /// <summary>The integers of one update.</summary>
    public int ValueCount => ParameterCount * VectorCount + WeightLimbs;

    private double MaxMagnitude => (1 << (Bits - 1)) - 1;

    /// <summary>Encodes a member's vectors.</summary>
    /// <param name="vectors">The vectors, P numbers each.</param>
    /// <param name="rows">The member's rows, at least 1.</param>
    /// <param name="rounding">Where the roundings are drawn from.</param>
    /// <param name="encoded">The integers and what they say.</param>
    /// <returns><see langword="false"/> where a number is not finite: training has diverged.</returns>
    /// <exception cref="ArgumentException">There are other vectors than the codec is for, or no rows.</exception>
    public bool TryEncode(IReadOnlyList<double[]> vectors, long rows, RandomStream rounding, [NotNullWhen(true)] out EncodedUpdate? encoded)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(rounding);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        if (vectors.Count != VectorCount || vectors.Any(vector => vector.Length != ParameterCount))
            throw new ArgumentException($"An update has {VectorCount} vectors of {ParameterCount} numbers.", nameof(vectors));
        encoded = null;
        long weight = Math.Min(rows, WeightCap);
        uint[] values = new uint[ValueCount];
        double[][] sent = new double[VectorCount][];
        double[] norms = new double[VectorCount];
        for (int i = 0; i < VectorCount; i++)
        {
            norms[i] = TensorPrimitives.Norm<double>(vectors[i]);
            if (!double.IsFinite(norms[i])) return false;
            sent[i] = new double[ParameterCount];
            Encode(vectors[i], norms[i], i, weight, rounding, values.AsSpan(i * ParameterCount, ParameterCount), sent[i]);
        }

        values[^2] = (uint)(weight & ((1L << Bits) - 1));
        values[^1] = (uint)(weight >> Bits);
        encoded = new EncodedUpdate(values, sent, norms);
        return true;
    }

    /// <summary>Turns the sums of the integers into the weighted means.</summary>
    /// <param name="sums">One sum for each integer.</param>
    /// <param name="participants">How many members were summed, 1 to 100,000.</param>
    /// <param name="average">The means.</param>
    /// <returns><see langword="false"/> where no set of that many members can have made the sums.</returns>
    /// <exception cref="ArgumentException">There are other sums than <see cref="ValueCount"/>.</exception>
    public bool TryDecode(IReadOnlyList<ulong> sums, int participants, [NotNullWhen(true)] out AveragedUpdate? average)
    {
        ArgumentNullException.ThrowIfNull(sums);
        ArgumentOutOfRangeException.ThrowIfLessThan(participants, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(participants, MaxParticipants);
        if (sums.Count != ValueCount) throw new ArgumentException($"There are {sums.Count} sums, not {ValueCount}.", nameof(sums));
        average = null;
        ulong limit = (ulong)participants * ((1UL << Bits) - 1);
        foreach (ulong sum in sums)
            if (sum > limit) return false;
        double totalWeight = sums[^2] + sums[^1] * (double)(1L << Bits);
        if (totalWeight < participants || totalWeight > (double)participants * WeightCap) return false;

        long zero = (long)participants << (Bits - 1);
        double[][] means = new double[VectorCount][];
        for (int i = 0; i < VectorCount; i++)
        {
            double unit = _clipNorms[i] / MaxMagnitude * WeightCap / totalWeight;
            means[i] = new double[ParameterCount];
            for (int j = 0; j < ParameterCount; j++) means[i][j] = unit * ((long)sums[i * ParameterCount + j] - zero);
        }

        average = new AveragedUpdate(means, totalWeight, participants);
        return true;
    }

    private void Encode(ReadOnlySpan<double> vector, double norm, int index, long weight, RandomStream rounding, Span<uint> values, Span<double> sent)
    {
        double clip = norm > _clipNorms[index] ? _clipNorms[index] / norm : 1;
        double scale = MaxMagnitude / _clipNorms[index], factor = clip * ((double)weight / WeightCap) * scale;
        double back = 1 / (scale * ((double)weight / WeightCap));
        Span<ulong> draws = stackalloc ulong[256];
        for (int start = 0; start < vector.Length; start += draws.Length)
        {
            Span<ulong> batch = draws[..Math.Min(draws.Length, vector.Length - start)];
            rounding.Fill(System.Runtime.InteropServices.MemoryMarshal.AsBytes(batch));
            for (int j = 0; j < batch.Length; j++)
            {
                double uniform = (batch[j] >> 11) * (1.0 / (1UL << 53));
                double k = Math.Clamp(Math.Floor(vector[start + j] * factor + uniform), -MaxMagnitude, MaxMagnitude);
                values[start + j] = (uint)((1 << (Bits - 1)) + (int)k);
                sent[start + j] = k * back;
            }
        }
    }
}
