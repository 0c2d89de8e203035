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

    /// <summary>Forward: element 2^l + j is psi^rev(2^l + j), rev the reversal of log2 n bits, for block j of level l.</summary>
    internal required TwiddleTable Forward { get; init; }

    /// <summary>The last three forward levels: for each square, seven rows of eight, one column a block.</summary>
    internal required TwiddleTable ForwardSquares { get; init; }

    /// <summary>Inverse: element m + j is omega^(-j n / 2m), for position j &lt; m in a block of half-length m.</summary>
    internal required TwiddleTable Inverse { get; init; }

    /// <summary>The last multiplication of the inverse: element j is psi^(-j) / n.</summary>
    internal required TwiddleTable Untwist { get; init; }

    /// <summary>Computes the tables.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is not a power of two of at least 64, q - 1 is no multiple of 2n, or the bound below fails.</exception>
    internal static NttTables Create(Modulus modulus, int degree)
    {
        if (degree < MinDegree || !BitOperations.IsPow2(degree))
            throw new ArgumentOutOfRangeException(nameof(degree), degree, $"The degree must be a power of two of at least {MinDegree}.");
        double bound = InputBoundOfLastMultiplication(modulus.Value, BitOperations.Log2((uint)degree));
        if (bound > 1L << 52)
            throw new ArgumentOutOfRangeException(nameof(degree), degree, $"Unreduced values would reach {bound:E2}, beyond 2^52.");

        ulong psi = modulus.PrimitiveRoot(2 * (ulong)degree), inversePsi = modulus.Invert(psi);
        ulong[] forward = Forwards(modulus, degree, psi);
        return new NttTables(modulus, degree)
        {
            Forward = TwiddleTable.Of(modulus, forward),
            ForwardSquares = TwiddleTable.Of(modulus, Squares(forward)),
            Inverse = TwiddleTable.Of(modulus, Inverses(modulus, degree, inversePsi)),
            Untwist = TwiddleTable.Of(modulus, Untwists(modulus, degree, inversePsi)),
        };
    }

    /// <summary>A bound on every value that enters a multiplication after <paramref name="levels"/> levels without a reduction.</summary>
    /// <remarks>A butterfly turns a, b into a +- r with |r| &lt;= (1/2 + |b| 2^-55) q (see <see cref="ILane{TVector}"/>), so from |x| &lt;= q
    /// the bound grows as B -> B + (1/2 + B 2^-55) q. For q &lt; 2^49 and eleven levels that is below 7.2 q.</remarks>
    internal static double InputBoundOfLastMultiplication(ulong q, int levels)
    {
        double bound = q;
        for (int level = 0; level < levels; level++)
            bound += (0.5 + bound / (1L << 55)) * q;
        return bound;
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
