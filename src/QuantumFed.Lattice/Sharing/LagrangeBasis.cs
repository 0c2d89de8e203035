namespace QuantumFed.Lattice;

/// <summary>Lagrange interpolation over F_p through distinct public nodes, each at most 255.</summary>
/// <remarks>The weight of node j at x is the product of (x - x_k)/(x_j - x_k) over the other nodes. The denominators do not depend on x: they are
/// taken once, in t^2 products, and each further point costs 4 t.</remarks>
internal sealed class LagrangeBasis
{
    private readonly uint[] _nodes;
    private readonly uint[] _inverseDenominators;

    private LagrangeBasis(uint[] nodes, uint[] inverseDenominators) => (_nodes, _inverseDenominators) = (nodes, inverseDenominators);

    /// <summary>The basis of the polynomials of degree below the number of nodes.</summary>
    internal static LagrangeBasis Over(ReadOnlySpan<uint> nodes)
    {
        uint[] inverses = new uint[nodes.Length];
        for (int j = 0; j < nodes.Length; j++)
        {
            inverses[j] = 1;
            for (int k = 0; k < nodes.Length; k++)
            {
                if (k != j)
                    inverses[j] = MersenneField.Multiply(inverses[j], SmallInverses.OfDifference(nodes[j], nodes[k]));
            }
        }
        return new LagrangeBasis(nodes.ToArray(), inverses);
    }

    /// <summary>The weights w_j with P(point) = sum of w_j P(nodes[j]) for every polynomial of degree below the number of nodes.</summary>
    internal uint[] At(uint point)
    {
        uint[] weights = new uint[_nodes.Length];
        // The product of all differences but one: those before it, going up, times those after it, going down.
        uint product = 1;
        for (int j = 0; j < weights.Length; j++)
        {
            weights[j] = MersenneField.Multiply(product, _inverseDenominators[j]);
            product = MersenneField.Multiply(product, MersenneField.Subtract(point, _nodes[j]));
        }
        product = 1;
        for (int j = weights.Length - 1; j >= 0; j--)
        {
            weights[j] = MersenneField.Multiply(weights[j], product);
            product = MersenneField.Multiply(product, MersenneField.Subtract(point, _nodes[j]));
        }
        return weights;
    }

    /// <summary>Whether the values at <paramref name="point"/> lie on the polynomials through <paramref name="values"/> at the nodes.</summary>
    internal bool Holds(uint point, ReadOnlySpan<uint> atPoint, ReadOnlySpan<uint[]> values)
    {
        uint[] expected = new uint[atPoint.Length];
        FieldVectors.WeightedSum(At(point), values, expected);
        return expected.AsSpan().SequenceEqual(atPoint);
    }
}
