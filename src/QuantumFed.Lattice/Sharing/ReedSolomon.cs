using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>Unique decoding of values of a polynomial over F_p. Public values only: time depends on them.</summary>
internal static class ReedSolomon
{
    /// <summary>Finds the places where <paramref name="word"/> leaves the polynomial of degree below <paramref name="t"/> that it meets
    /// everywhere else, if those are at most <paramref name="errors"/> and t + 2 errors &lt;= length.</summary>
    /// <remarks>Berlekamp and Welch (US patent 4,633,470, 1986; expired): find E monic of degree e and Q of degree below t + e with
    /// Q(x_i) = y_i E(x_i) at every place. Such a pair exists if a close polynomial P does (E zero at the errors, Q = P E), and for any
    /// such pair Q = P E, since Q - P E has degree below t + e and at least length - e &gt;= t + e zeros. P is unique.</remarks>
    internal static bool TryLocateErrors(
        ReadOnlySpan<uint> points, ReadOnlySpan<uint> word, int t, int errors, [NotNullWhen(true)] out List<int>? places)
    {
        places = null;
        int columns = t + 2 * errors;
        // Unknowns: the t + e coefficients of Q, then the lower e of E; right side y x^e.
        var system = new uint[points.Length][];
        for (int i = 0; i < system.Length; i++)
        {
            uint[] row = system[i] = new uint[columns + 1];
            uint power = 1;
            for (int d = 0; d < t + errors; d++, power = MersenneField.Multiply(power, points[i]))
                row[d] = power;
            power = word[i];
            for (int d = 0; d < errors; d++, power = MersenneField.Multiply(power, points[i]))
                row[t + errors + d] = MersenneField.Subtract(0, power);
            row[columns] = power;
        }
        if (!TrySolve(system, columns, out uint[]? solution)
            || !TryDivide(solution.AsSpan(0, t + errors), solution.AsSpan(t + errors), out uint[]? polynomial))
            return false;

        var found = new List<int>();
        for (int i = 0; i < points.Length; i++)
        {
            if (Evaluate(polynomial, points[i]) != word[i])
                found.Add(i);
        }
        if (found.Count > errors)
            return false;
        places = found;
        return true;
    }

    /// <summary>Gauss-Jordan elimination; free unknowns become zero.</summary>
    private static bool TrySolve(uint[][] rows, int columns, [NotNullWhen(true)] out uint[]? solution)
    {
        solution = null;
        int[] pivotColumns = new int[rows.Length];
        int rank = 0;
        for (int column = 0; column < columns && rank < rows.Length; column++)
        {
            int pivot = Array.FindIndex(rows, rank, row => row[column] != 0);
            if (pivot < 0)
                continue;
            (rows[rank], rows[pivot]) = (rows[pivot], rows[rank]);
            uint inverse = MersenneField.Invert(rows[rank][column]);
            for (int c = column; c <= columns; c++)
                rows[rank][c] = MersenneField.Multiply(rows[rank][c], inverse);
            for (int r = 0; r < rows.Length; r++)
            {
                uint factor = rows[r][column];
                if (r == rank || factor == 0)
                    continue;
                for (int c = column; c <= columns; c++)
                    rows[r][c] = MersenneField.Subtract(rows[r][c], MersenneField.Multiply(factor, rows[rank][c]));
            }
            pivotColumns[rank++] = column;
        }
        for (int r = rank; r < rows.Length; r++)
        {
            if (rows[r][columns] != 0)
                return false;
        }
        solution = new uint[columns];
        for (int r = 0; r < rank; r++)
            solution[pivotColumns[r]] = rows[r][columns];
        return true;
    }

    /// <summary>The quotient of <paramref name="dividend"/> by the monic polynomial with the given lower coefficients, if there is no remainder.</summary>
    private static bool TryDivide(ReadOnlySpan<uint> dividend, ReadOnlySpan<uint> monicLower, [NotNullWhen(true)] out uint[]? quotient)
    {
        int degree = monicLower.Length;
        uint[] remainder = dividend.ToArray();
        uint[] result = new uint[dividend.Length - degree];
        for (int d = result.Length - 1; d >= 0; d--)
        {
            uint lead = result[d] = remainder[d + degree];
            for (int i = 0; i < degree; i++)
                remainder[d + i] = MersenneField.Subtract(remainder[d + i], MersenneField.Multiply(lead, monicLower[i]));
            remainder[d + degree] = 0;
        }
        quotient = remainder.AsSpan().ContainsAnyExcept(0u) ? null : result;
        return quotient is not null;
    }

    private static uint Evaluate(ReadOnlySpan<uint> polynomial, uint x)
    {
        uint value = 0;
        for (int d = polynomial.Length - 1; d >= 0; d--)
            value = MersenneField.Add(MersenneField.Multiply(value, x), polynomial[d]);
        return value;
    }
}
