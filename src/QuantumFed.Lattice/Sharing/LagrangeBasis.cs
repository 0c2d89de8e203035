namespace QuantumFed.Lattice;

/// <summary>Lagrange interpolation over F_p at small distinct public points.</summary>
internal static class LagrangeBasis
{
    /// <summary>The weights w_j with P(point) = sum of w_j P(nodes[j]) for every polynomial of degree below the number of nodes.</summary>
    internal static uint[] At(uint point, ReadOnlySpan<uint> nodes)
    {
        uint[] weights = new uint[nodes.Length];
        for (int j = 0; j < nodes.Length; j++)
        {
            uint numerator = 1, denominator = 1;
            for (int k = 0; k < nodes.Length; k++)
            {
                if (k == j)
                    continue;
                numerator = MersenneField.Multiply(numerator, MersenneField.Subtract(point, nodes[k]));
                denominator = MersenneField.Multiply(denominator, MersenneField.Subtract(nodes[j], nodes[k]));
            }
            weights[j] = MersenneField.Multiply(numerator, MersenneField.Invert(denominator));
        }
        return weights;
    }

    /// <summary>Sum of weights[j] values[j][i], for each i.</summary>
    internal static uint[] Combine(ReadOnlySpan<uint> weights, ReadOnlySpan<uint[]> values)
    {
        uint[] result = new uint[values[0].Length];
        for (int i = 0; i < result.Length; i++)
        {
            // At most 255 terms below 2^31.
            ulong sum = 0;
            for (int j = 0; j < weights.Length; j++)
                sum += MersenneField.Multiply(weights[j], values[j][i]);
            result[i] = MersenneField.Reduce(sum);
        }
        return result;
    }
}
