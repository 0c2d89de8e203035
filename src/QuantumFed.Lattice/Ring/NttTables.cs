using System.Numerics;

namespace QuantumFed.Lattice;

/// <summary>The constants of the negacyclic number-theoretic transform of Z_q[X]/(X^n + 1), each as w and fl(w/q), |w| &lt;= q/2.</summary>
/// <remarks>psi is a primitive 2n-th root of unity modulo q, omega = psi^2. See <see cref="NttKernel{TLane, TVector}"/> for their use.</remarks>
internal sealed class NttTables
{
    /// <summary>The smallest n: the last three levels work on squares of 64 elements.</summary>
    internal const int MinDegree = 64;

    private NttTables(Modulus modulus, int degree) => (Modulus, Degree) = (modulus, degree);

    internal Modulus Modulus { get; }

    /// <summary>n.</summary>
    internal int Degree { get; }

    /// <summary>log2 n, the number of levels.</summary>
    internal int Levels => BitOperations.Log2((uint)Degree);

    /// <summary>Bit l: the forward transform reduces all values before the pass that starts with level l.</summary>
    internal required uint ForwardReductions { get; init; }

    /// <summary>Bit l: the inverse reduces all values before the pass that starts with half-length 2^l.</summary>
    internal required uint InverseReductions { get; init; }

    /// <summary>Forward: element 2^l + j is psi^rev(2^l + j), rev the reversal of log2 n bits, for block j of level l.</summary>
    internal required TwiddleTable Forward { get; init; }

    /// <summary>The last three forward levels: for each square, seven rows of eight, one column a block.</summary>
    internal required TwiddleTable ForwardSquares { get; init; }

    /// <summary>Inverse: element m + j is omega^(-j n / 2m), for position j &lt; m in a block of half-length m.</summary>
    internal required TwiddleTable Inverse { get; init; }

    /// <summary>The last multiplication of the inverse: element j is psi^(-j) / n.</summary>
    internal required TwiddleTable Untwist { get; init; }

    /// <summary>Computes the tables.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is not a power of two of at least 64, or q - 1 is no multiple of 2n.</exception>
    internal static NttTables Create(Modulus modulus, int degree)
    {
        if (degree < MinDegree || !BitOperations.IsPow2(degree))
            throw new ArgumentOutOfRangeException(nameof(degree), degree, $"The degree must be a power of two of at least {MinDegree}.");
        ulong psi = modulus.PrimitiveRoot(2 * (ulong)degree), inversePsi = modulus.Invert(psi);
        ulong[] forward = Forwards(modulus, degree, psi);
        int levels = BitOperations.Log2((uint)degree), remainder = levels % 3;
        return new NttTables(modulus, degree)
        {
            ForwardReductions = Reductions(modulus.Value, levels, remainder == 0 ? 3 : remainder),
            InverseReductions = Reductions(modulus.Value, levels, 3),
            Forward = TwiddleTable.Of(modulus, forward),
            ForwardSquares = TwiddleTable.Of(modulus, Squares(forward)),
            Inverse = TwiddleTable.Of(modulus, Inverses(modulus, degree, inversePsi)),
            Untwist = TwiddleTable.Of(modulus, Untwists(modulus, degree, inversePsi)),
        };
    }

    /// <summary>A bound on every value that enters a multiplication after <paramref name="levels"/> levels without a reduction.</summary>
    /// <remarks>A butterfly turns a, b into a +- r with |r| &lt;= (1/2 + |b| 2^-55) q (see <see cref="ILane{TVector}"/>), so from |x| &lt;= q
    /// the bound grows as B -> B + (1/2 + B 2^-55) q. For q &lt; 2^49 and eleven levels that is below 7.2 q.</remarks>
    internal static double InputBoundOfLastMultiplication(ulong q, int levels) => Grown(q, q, levels);

    /// <summary>The bound after some levels, from a bound before them.</summary>
    private static double Grown(double bound, ulong q, int levels)
    {
        for (int level = 0; level < levels; level++)
            bound += (0.5 + bound / (1L << 55)) * q;
        return bound;
    }

    /// <summary>Where values must be reduced so that none that enters a multiplication exceeds 2^52; bit l stands for a pass from level l on.</summary>
    /// <remarks>
    /// Each pass takes three levels, but the first <paramref name="firstPass"/> and the last what is left. A pass that would leave the range is preceded by a
    /// reduction (a multiplication by 1), which leaves |r| &lt;= (1/2 + B 2^-55) q &lt;= 5/8 q. Three levels grow q to at most 2.7 q, and 5/8 q to at most
    /// 2.3 q, so this always succeeds for q &lt; 2^50, whose range is 4 q. For 49 bits the range is 8 q, and no transform up to n = 2048 has a reduction.
    /// </remarks>
    private static uint Reductions(ulong q, int levels, int firstPass)
    {
        uint reductions = 0;
        double bound = q;
        for (int level = 0, pass = firstPass; level < levels; level += pass, pass = Math.Min(3, levels - level))
        {
            if (Grown(bound, q, pass) > 1L << 52)
            {
                reductions |= 1u << level;
                bound = (0.5 + bound / (1L << 55)) * q;
            }
            bound = Grown(bound, q, pass);
        }
        return bound <= 1L << 52 ? reductions : throw new InvalidOperationException($"Unreduced values would reach {bound:E2}, beyond 2^52.");
    }

    private static ulong[] Forwards(Modulus modulus, int degree, ulong psi)
    {
        int shift = 32 - BitOperations.Log2((uint)degree);
        ulong[] powers = Powers(modulus, degree, psi, 1);
        ulong[] table = new ulong[degree];
        for (uint i = 0; i < degree; i++)
            table[i] = powers[ReverseBits(i) >> shift];
        return table;
    }

    /// <summary>Row 0: level log2 n - 3, rows 1 and 2: the next, rows 3 to 6: the last; column c serves block 8 * square + c.</summary>
    private static ulong[] Squares(ulong[] forward)
    {
        int blocks = forward.Length / 8;
        ulong[] table = new ulong[7 * blocks];
        for (int block = 0; block < blocks; block++)
        {
            int column = block / 8 * 56 + block % 8;
            table[column] = forward[blocks + block];
            for (int half = 0; half < 2; half++)
                table[column + 8 * (1 + half)] = forward[2 * blocks + 2 * block + half];
            for (int quarter = 0; quarter < 4; quarter++)
                table[column + 8 * (3 + quarter)] = forward[4 * blocks + 4 * block + quarter];
        }
        return table;
    }

    private static ulong[] Inverses(Modulus modulus, int degree, ulong inversePsi)
    {
        ulong[] powers = Powers(modulus, degree, modulus.Multiply(inversePsi, inversePsi), 1);
        ulong[] table = new ulong[degree];
        for (int m = 1; m < degree; m *= 2)
        {
            for (int j = 0; j < m; j++)
                table[m + j] = powers[j * (degree / (2 * m))];
        }
        return table;
    }

    private static ulong[] Untwists(Modulus modulus, int degree, ulong inversePsi) =>
        Powers(modulus, degree, inversePsi, modulus.Invert((ulong)degree));

    /// <summary>first, first x, first x^2, ...</summary>
    private static ulong[] Powers(Modulus modulus, int count, ulong x, ulong first)
    {
        ulong[] powers = new ulong[count];
        for (int i = 0; i < count; i++, first = modulus.Multiply(first, x))
            powers[i] = first;
        return powers;
    }

    private static uint ReverseBits(uint x)
    {
        uint reversed = 0;
        for (int bit = 0; bit < 32; bit++, x >>= 1)
            reversed = (reversed << 1) | (x & 1);
        return reversed;
    }
}
