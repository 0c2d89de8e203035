using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace QuantumFed.Lattice;

/// <summary>The parameters of key-additive homomorphic encryption for one consortium: everything follows from how many parties may be
/// summed and how many bits a value has.</summary>
/// <remarks>
/// <para><b>Scheme.</b> The KAHE of "Willow: Secure Aggregation with One-Shot Clients" (Bell-Clark, Gascon, Li, Raykova, Schoppmann, ePrint
/// 2024/936): b_k = a_k s + T e_k + m_k in R_q = Z_q[X]/(X^n + 1), a_k public and uniform, s and e_k from the centred binomial distribution
/// CBD(42), T = 2^(w L). T is invertible modulo q, so breaking it is ring-LWE with one secret and one error distribution. The sum of the b
/// decrypts under the sum of the s. n and q are those of a <see cref="KaheParameterSet"/>.</para>
/// <para><b>Security.</b> <see cref="KaheParameterSet"/> has the standard's limits and where they stand; q has 49 bits, below them. Opening a round publishes the sums of secrets and of errors.
/// CBD(42) rather than ternary, so that a coefficient conditioned on a sum over two honest parties keeps a deviation of 3.24: about 151
/// classical and 140 quantum bits in that standard's cost model. Reductions that account for such hints are proved for Gaussians; for CBD
/// this estimate is heuristic.</para>
/// <para><b>Noise.</b> An error coefficient is a sum of 84 independent variables +-1/2, so a sum over N parties is one of 84 N, and Hoeffding's
/// inequality gives P(|E| &gt; B) &lt;= 2 exp(-B^2 / (42 N)). B = ceil(sqrt(42 N ln 2 * 65)) makes that at most 2^-64 a coefficient.</para>
/// <para><b>Correctness.</b> A lane of w = ceil(log2(N (2^b - 1) + 1)) bits holds the sum of N values, so lanes never carry into each other and the
/// summed message M is in [0, T). With |E| &lt;= B, |T E + M| &lt; T (B + 1) &lt;= q/2: the sum is recovered exactly from its residue.</para>
/// </remarks>
[SuppressMessage("Performance", "CA1822", Justification = "What holds for a parameter set is its property, though today it holds for every set.")]
public sealed class KaheParameters
{
    /// <summary>The fewest parties a sum may have.</summary>
    public const int MinParties = 2;

    /// <summary>The most parties a sum may have.</summary>
    public const int MaxParties = 100_000;

    /// <summary>The widest value, in bits.</summary>
    public const int MaxBitsPerValue = 32;

    // A larger set must need fewer than three quarters of the bytes, because sharing its secret takes more.
    private const int WorthNumerator = 3, WorthDenominator = 4;

    private KaheParameters(KaheParameterSet set, int parties, int bitsPerValue, int noiseBound, int laneWidth, int lanes)
    {
        Set = set;
        Parties = parties;
        BitsPerValue = bitsPerValue;
        NoiseBound = noiseBound;
        LaneWidth = laneWidth;
        Lanes = lanes;
    }

    /// <summary>The named set of ring, modulus and distribution.</summary>
    public KaheParameterSet Set { get; }

    /// <summary>n: the coefficients of a ring element.</summary>
    public int RingDegree => Set.RingDegree;

    /// <summary>The bits of q.</summary>
    public int ModulusBits => Set.ModulusBits;

    /// <summary>The most blocks a ciphertext may have, so that its size in bytes is an int: 2.1 GB.</summary>
    public int MaxBlocks => int.MaxValue / Set.BlockSizeInBytes;

    /// <summary>N: the most parties whose ciphertexts may be summed.</summary>
    public int Parties { get; }

    /// <summary>b: each value is in [0, 2^b).</summary>
    public int BitsPerValue { get; }

    /// <summary>L: values in one coefficient.</summary>
    public int Lanes { get; }

    /// <summary>w: the bits of a lane, enough for the sum of N values.</summary>
    public int LaneWidth { get; }

    /// <summary>log2 T = w L.</summary>
    public int PlaintextBits => LaneWidth * Lanes;

    /// <summary>B: a coefficient of the summed error exceeds it with probability at most 2^-64.</summary>
    public int NoiseBound { get; }

    /// <summary>Hoeffding's bound on the binary logarithm of that probability, at most -64: 1 - B^2 / (42 N ln 2).</summary>
    public double Log2FailureProbability => 1 - NoiseBound * (double)NoiseBound / (CentredBinomial.Eta * (double)Parties * Math.Log(2));

    /// <summary>The largest absolute value of a coefficient of a secret or an error: 42.</summary>
    public int SecretBound => CentredBinomial.Eta;

    /// <summary>Coefficients at the front of each block that are zero in every message; a sum in which they are not is refused.</summary>
    public int ReservedCoefficients => 16;

    /// <summary>Values in one block: L times the coefficients left after the reserved ones and the count.</summary>
    public int ValuesPerBlock => (RingDegree - ReservedCoefficients - 1) * Lanes;

    /// <summary>Ciphertext bytes per value for long vectors: 49 / (8 L) for each prime, before the 17 coefficients a block gives up.</summary>
    public double BytesPerParameter => CoefficientPacking.Bits * Set.Primes.Count / (8.0 * Lanes);

    /// <summary>The lanes that lie in the lower of the two words that a coefficient of two primes takes, or all lanes.</summary>
    internal int LowLanes => Set.Primes.Count == 1 ? Lanes : Math.Min(Lanes, 64 / LaneWidth);

    /// <summary>The coefficient that holds the count of summed messages.</summary>
    internal int CountCoefficient => ReservedCoefficients;

    /// <summary>The first coefficient that holds values.</summary>
    internal int FirstValueCoefficient => ReservedCoefficients + 1;

    /// <summary>The largest value: 2^b - 1.</summary>
    internal ulong MaxValue => (1UL << BitsPerValue) - 1;

    /// <summary>Derives the parameters over the smallest set, with as many lanes as fit.</summary>
    /// <param name="parties">N, from 2 to 100,000.</param>
    /// <param name="bitsPerValue">b, from 1 to 32.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range, or not even one lane fits; the message has the figures.</exception>
    public static KaheParameters Create(int parties, int bitsPerValue) => Create(KaheParameterSet.Kahe2048, parties, bitsPerValue);

    /// <summary>Derives the parameters over a set, with as many lanes as fit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range, or not even one lane fits; the message has the figures.</exception>
    public static KaheParameters Create(KaheParameterSet set, int parties, int bitsPerValue)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentOutOfRangeException.ThrowIfLessThan(parties, MinParties);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parties, MaxParties);
        ArgumentOutOfRangeException.ThrowIfLessThan(bitsPerValue, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bitsPerValue, MaxBitsPerValue);

        KaheParameters parameters = Derive(set, parties, bitsPerValue);
        if (parameters.Lanes > 0)
            return parameters;
        throw new ArgumentOutOfRangeException(nameof(bitsPerValue), bitsPerValue,
            $"No lane fits for {parties} parties and {bitsPerValue} bits a value: lane width w = {parameters.LaneWidth} bits, noise bound B = {parameters.NoiseBound}, "
            + $"and 2^w (B + 1) = {Math.ScaleB(parameters.NoiseBound + 1.0, parameters.LaneWidth):E3} exceeds q/2 = {(double)set.Q / 2:E3} "
            + $"(n = {set.RingDegree}, q = {set.Q}).");
    }

    /// <summary>Derives the parameters of a consortium whose members have so many values: over the smallest set, unless a larger one takes less than
    /// three quarters of the bytes. A rule, not a setting: everybody derives the same.</summary>
    /// <param name="parties">N, from 2 to 100,000.</param>
    /// <param name="bitsPerValue">b, from 1 to 32.</param>
    /// <param name="valueCount">The length of a member's vector, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range, the vector too long, or no lane fits in any set.</exception>
    public static KaheParameters For(int parties, int bitsPerValue, int valueCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(valueCount);
        KaheParameters chosen = Create(KaheParameterSet.All[^1], parties, bitsPerValue);
        foreach (KaheParameterSet set in KaheParameterSet.All.Reverse().Skip(1))
        {
            KaheParameters smaller = Derive(set, parties, bitsPerValue);
            if (smaller.Lanes > 0 && chosen.SizeFor(valueCount) * WorthDenominator >= smaller.SizeFor(valueCount) * WorthNumerator)
                chosen = smaller;
        }
        _ = chosen.BlocksFor(valueCount);
        return chosen;
    }

    /// <summary>The blocks that <paramref name="valueCount"/> values take.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no values, or more than <see cref="MaxBlocks"/> blocks hold.</exception>
    public int BlocksFor(int valueCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(valueCount);
        int blocks = (int)(((long)valueCount + ValuesPerBlock - 1) / ValuesPerBlock);
        if (blocks > MaxBlocks)
            throw new ArgumentOutOfRangeException(nameof(valueCount), valueCount, $"So many values take {blocks} blocks, and a ciphertext has at most {MaxBlocks}.");
        return blocks;
    }

    /// <summary>The length of a ciphertext on the wire: 12,544 bytes a block, or 50,176 in the larger set.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="blocks"/> is not between 1 and <see cref="MaxBlocks"/>.</exception>
    public int CiphertextSizeInBytes(int blocks) => Set.BlockSizeInBytes * RequireBlocks(blocks, nameof(blocks));

    /// <summary>The parameters in words.</summary>
    public override string ToString() =>
        $"{Set}, N = {Parties}, b = {BitsPerValue}, {Lanes} lanes of {LaneWidth} bits, B = {NoiseBound}";

    internal int RequireBlocks(int blocks, string parameterName)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blocks, parameterName);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks, MaxBlocks, parameterName);
        return blocks;
    }

    /// <summary>Refuses a value that would overflow its lane.</summary>
    internal void RequireRange(ReadOnlySpan<uint> values)
    {
        if (Union(values) <= MaxValue)
            return;
        int index = 0;
        while (values[index] <= MaxValue)
            index++;
        throw new ArgumentException($"Value {index} needs more than the {BitsPerValue} bits a value has.", nameof(values));
    }

    /// <summary>The bits that any of the values has.</summary>
    private static uint Union(ReadOnlySpan<uint> values)
    {
        var some = Vector<uint>.Zero;
        while (values.Length >= Vector<uint>.Count)
        {
            some |= new Vector<uint>(values);
            values = values[Vector<uint>.Count..];
        }
        uint union = 0;
        for (int i = 0; i < Vector<uint>.Count; i++)
            union |= some[i];
        foreach (uint value in values)
            union |= value;
        return union;
    }

    /// <summary>The parameters, with no lane where none fits.</summary>
    private static KaheParameters Derive(KaheParameterSet set, int parties, int bitsPerValue)
    {
        int noiseBound = (int)Math.Ceiling(Math.Sqrt(CentredBinomial.Eta * (double)parties * 65 * 0.69314718055994531));
        // ceil(log2(x + 1)) is the number of bits of x; x < 2^17 2^32.
        int laneWidth = 64 - BitOperations.LeadingZeroCount((ulong)parties * ((1UL << bitsPerValue) - 1));
        int lanes = 0;
        while (Fits(set, laneWidth * (lanes + 1), noiseBound))
            lanes++;
        return new KaheParameters(set, parties, bitsPerValue, noiseBound, laneWidth, lanes);
    }

    private long SizeFor(int valueCount) => ((long)valueCount + ValuesPerBlock - 1) / ValuesPerBlock * Set.BlockSizeInBytes;

    /// <summary>T (B + 1) &lt;= q/2, in integers: B + 1 &lt; 2^14, so 2^14 times a T below q does not overflow.</summary>
    private static bool Fits(KaheParameterSet set, int plaintextBits, int noiseBound) =>
        plaintextBits < set.ModulusBits && ((UInt128)noiseBound + 1) << plaintextBits <= set.Q / 2;
}
