using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>Unique decoding of values of a polynomial over F_p. Public values only: time depends on them. Points are distinct and at most 255.</summary>
internal static class ReedSolomon
{
    /// <summary>Finds the polynomial of degree below <paramref name="t"/> that <paramref name="word"/> meets at all but at most
    /// <paramref name="errors"/> points, if there is one and t + 2 errors &lt;= length; then it is the only one.</summary>
    /// <remarks>Gao, "A new algorithm for decoding Reed-Solomon codes" (2003): Euclid's algorithm on the product G of all x - x_i and the polynomial
    /// through the whole word, stopped as soon as the degree falls below (length + t)/2, leaves r = v P with v zero at the errors. In time quadratic
    /// in the length; Berlekamp and Welch's linear system has the same solutions and takes cubic time. Whatever comes out is held
    /// against the word, so that a wrong polynomial cannot be returned.</remarks>
    /// <returns>The polynomial's t coefficients, constant first, or <see langword="false"/>.</returns>
    internal static bool TryDecode(
        ReadOnlySpan<uint> points, ReadOnlySpan<uint> word, int t, int errors, [NotNullWhen(true)] out uint[]? polynomial)
    {
        int n = points.Length;
        uint[] r0 = Product(points), r1 = Interpolate(points, word), v0 = new uint[n + 1], v1 = new uint[n + 1];
        v1[0] = 1;
        int degree0 = n, degree1 = Degree(r1);
        while (2 * degree1 >= n + t)
        {
            // r0 -= q r1 and v0 -= q v1, one term of q at a time; deg v1 = n - degree0, so nothing of v leaves its array.
            uint inverse = MersenneField.Invert(r1[degree1]);
            for (int shift = degree0 - degree1; shift >= 0; shift--)
            {
                uint q = MersenneField.Multiply(r0[degree1 + shift], inverse);
                SubtractMultiple(r0, r1, degree1, q, shift);
                SubtractMultiple(v0, v1, n - degree0, q, shift);
            }
            (r0, r1, v0, v1) = (r1, r0, v1, v0);
            (degree0, degree1) = (degree1, Degree(r1));
        }
        return TryDivide(r1, degree1, v1, t, out polynomial) && CountOff(polynomial, points, word) <= errors;
    }

    /// <summary>The value of a polynomial, constant coefficient first.</summary>
    internal static uint Evaluate(ReadOnlySpan<uint> polynomial, uint x)
    {
        uint value = 0;
        for (int d = polynomial.Length - 1; d >= 0; d--)
            value = MersenneField.Add(MersenneField.Multiply(value, x), polynomial[d]);
        return value;
    }

    private static int CountOff(ReadOnlySpan<uint> polynomial, ReadOnlySpan<uint> points, ReadOnlySpan<uint> word)
    {
        int off = 0;
        for (int i = 0; i < points.Length; i++)
            off += Evaluate(polynomial, points[i]) == word[i] ? 0 : 1;
        return off;
    }

    /// <summary>The product of all x - points[i].</summary>
    private static uint[] Product(ReadOnlySpan<uint> points)
    {
        uint[] product = new uint[points.Length + 1];
        product[0] = 1;
        for (int i = 0; i < points.Length; i++)
            MultiplyByRoot(product, i, points[i]);
        return product;
    }

    /// <summary>The polynomial of degree below the number of points through all of them, by Newton's divided differences.</summary>
    private static uint[] Interpolate(ReadOnlySpan<uint> points, ReadOnlySpan<uint> word)
    {
        int n = points.Length;
        uint[] differences = word.ToArray();
        for (int level = 1; level < n; level++)
        {
            for (int i = n - 1; i >= level; i--)
            {
                differences[i] = MersenneField.Multiply(
                    MersenneField.Subtract(differences[i], differences[i - 1]), SmallInverses.OfDifference(points[i], points[i - level]));
            }
        }
        // One longer than its degree asks for, as the product is: the two change places.
        uint[] polynomial = new uint[n + 1];
        for (int i = n - 1; i >= 0; i--)
        {
            MultiplyByRoot(polynomial, n - 1 - i, points[i]);
            polynomial[0] = MersenneField.Add(polynomial[0], differences[i]);
        }
        return polynomial;
    }

    /// <summary>polynomial = polynomial (x - root), for a polynomial of degree at most <paramref name="degree"/>.</summary>
    private static void MultiplyByRoot(Span<uint> polynomial, int degree, uint root)
    {
        for (int d = degree; d >= 0; d--)
        {
            polynomial[d + 1] = MersenneField.Add(polynomial[d + 1], polynomial[d]);
            polynomial[d] = MersenneField.Subtract(0, MersenneField.Multiply(polynomial[d], root));
        }
    }

    /// <summary>target -= factor source x^shift.</summary>
    private static void SubtractMultiple(Span<uint> target, ReadOnlySpan<uint> source, int degree, uint factor, int shift)
    {
        for (int d = 0; d <= degree; d++)
            target[d + shift] = MersenneField.Subtract(target[d + shift], MersenneField.Multiply(factor, source[d]));
    }

    /// <summary>The quotient, padded to <paramref name="t"/> coefficients, if the division leaves no remainder and the quotient's degree is below t.</summary>
    private static bool TryDivide(uint[] dividend, int degree, uint[] divisor, int t, [NotNullWhen(true)] out uint[]? quotient)
    {
        uint[] result = new uint[t];
        quotient = null;
        int divisorDegree = Degree(divisor);
        if (degree - divisorDegree >= t)
            return false;
        uint inverse = MersenneField.Invert(divisor[divisorDegree]);
        for (int shift = degree - divisorDegree; shift >= 0; shift--)
        {
            result[shift] = MersenneField.Multiply(dividend[divisorDegree + shift], inverse);
            SubtractMultiple(dividend, divisor, divisorDegree, result[shift], shift);
        }
        quotient = Degree(dividend) < 0 ? result : null;
        return quotient is not null;
    }

    /// <summary>The degree, -1 for the zero polynomial.</summary>
    private static int Degree(ReadOnlySpan<uint> polynomial) => polynomial.LastIndexOfAnyExcept(0u);
}
