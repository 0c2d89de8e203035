namespace QuantumFed.Lattice;

/// <summary>Places of errors in several Reed-Solomon words at once, where no error is a combination of the others. Public values only.</summary>
/// <remarks>Metzner and Kapturowski, "A general decoding technique applicable to replicated file disagreement location and concatenated code decoding"
/// (1990). With the parity checks h_j = (1, x_j, x_j^2, ...), m - t of them long, the syndromes of words with errors at e places lie in the span of
/// those e vectors h_j, and fill it if the errors are independent. Any m - t of the h_j are independent (Vandermonde), so with
/// e &lt; m - t no other h_j lies in that span. Errors that somebody made depend on each other are left to the search.</remarks>
internal static class IndependentErrors
{
    /// <summary>The places whose parity checks lie in the span of the syndromes, ascending.</summary>
    /// <param name="points">The m points, each at most 255.</param>
    /// <param name="words">At least m - t words of m values, random combinations of all there are.</param>
    /// <param name="t">A right word is a polynomial of degree below t.</param>
    internal static int[] Locate(ReadOnlySpan<uint> points, ReadOnlySpan<uint[]> words, int t)
    {
        int checks = points.Length - t;
        uint[][] parity = Parity(points, checks);
        uint[] scale = Scale(points);
        // An echelon basis of the span: row r has its first nonzero element, a 1, at pivots[r].
        var basis = new List<(int Pivot, uint[] Row)>();
        foreach (uint[] word in words)
        {
            uint[] scaled = new uint[word.Length], syndrome = new uint[checks];
            for (int j = 0; j < word.Length; j++)
                scaled[j] = MersenneField.Multiply(scale[j], word[j]);
            FieldVectors.WeightedSum(scaled, parity, syndrome);
            Reduce(syndrome, basis);
            int pivot = syndrome.AsSpan().IndexOfAnyExcept(0u);
            if (pivot < 0)
                continue;
            uint inverse = MersenneField.Invert(syndrome[pivot]);
            for (int i = pivot; i < checks; i++)
                syndrome[i] = MersenneField.Multiply(syndrome[i], inverse);
            basis.Add((pivot, syndrome));
        }
        var places = new List<int>();
        for (int j = 0; j < parity.Length; j++)
        {
            Reduce(parity[j], basis);
            if (!parity[j].AsSpan().ContainsAnyExcept(0u))
                places.Add(j);
        }
        return [.. places];
    }

    /// <summary>Takes from a vector what the basis gives of it. A later row of the basis is zero at all earlier pivots, so they are cleared in order.</summary>
    private static void Reduce(uint[] vector, List<(int Pivot, uint[] Row)> basis)
    {
        foreach ((int pivot, uint[] row) in basis)
        {
            uint factor = vector[pivot];
            if (factor == 0)
                continue;
            for (int i = pivot; i < vector.Length; i++)
                vector[i] = MersenneField.Subtract(vector[i], MersenneField.Multiply(factor, row[i]));
        }
    }

    private static uint[][] Parity(ReadOnlySpan<uint> points, int checks)
    {
        uint[][] parity = new uint[points.Length][];
        for (int j = 0; j < parity.Length; j++)
        {
            uint[] powers = parity[j] = new uint[checks];
            powers[0] = 1;
            for (int i = 1; i < checks; i++)
                powers[i] = MersenneField.Multiply(powers[i - 1], points[j]);
        }
        return parity;
    }

    /// <summary>The product of all 1/(x_j - x_k), k other than j: sum of scale[j] x_j^i P(x_j) is 0 for every P of degree below m - 1 - i.</summary>
    private static uint[] Scale(ReadOnlySpan<uint> points)
    {
        uint[] scale = new uint[points.Length];
        for (int j = 0; j < scale.Length; j++)
        {
            scale[j] = 1;
            for (int k = 0; k < scale.Length; k++)
            {
                if (k != j)
                    scale[j] = MersenneField.Multiply(scale[j], SmallInverses.OfDifference(points[j], points[k]));
            }
        }
        return scale;
    }
}
