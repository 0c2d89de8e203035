using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>Deals a round secret to the committee.</summary>
public static class SecretSharing
{
    /// <summary>Random polynomials dealt beside the secret's, which mask the published check values.</summary>
    public const int MaskingElements = 3;

    /// <summary>The field elements of one share: n of the secret, 3 masking ones.</summary>
    internal static int ElementsPerShare(KaheParameterSet set) => set.RingDegree + MaskingElements;

    /// <summary>Deals: for each coefficient of the secret a random polynomial of degree t - 1 with that value at 0, and three random polynomials;
    /// receiver j gets all of them at j.</summary>
    /// <remarks>Fewer than t shares are uniform whatever the secret is. Time depends on M and t only.</remarks>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public static DealtShares Deal(KaheSecretKey secretKey, SharingParameters sharing)
    {
        ArgumentNullException.ThrowIfNull(secretKey);
        ArgumentNullException.ThrowIfNull(sharing);
        using RandomStream random = RandomStream.FromOperatingSystem();
        return Deal(secretKey.Set, secretKey.Coefficients, sharing, random);
    }

    internal static DealtShares Deal(KaheParameterSet set, ReadOnlySpan<int> secret, SharingParameters sharing, RandomStream random)
    {
        // Row d holds the coefficient of x^d of every polynomial.
        uint[][] polynomials = new uint[sharing.Threshold][];
        for (int degree = 0; degree < polynomials.Length; degree++)
        {
            polynomials[degree] = GC.AllocateUninitializedArray<uint>(ElementsPerShare(set), pinned: true);
            FieldElements.Draw(random, polynomials[degree]);
        }
        for (int i = 0; i < secret.Length; i++)
            polynomials[0][i] = MersenneField.FromInt32(secret[i]);

        var shares = new SecretShare[sharing.CommitteeSize];
        for (int receiver = 1; receiver <= shares.Length; receiver++)
            shares[receiver - 1] = SecretShare.Evaluate(set, receiver, polynomials);
        foreach (uint[] row in polynomials)
            FieldElements.Erase(row);
        return new DealtShares(shares);
    }

    /// <summary>The polynomials' values at a point: the rows, weighted by its powers. One product an element and row, as Horner's rule takes, but
    /// four rows to a reduction.</summary>
    internal static void Evaluate(uint point, ReadOnlySpan<uint[]> rows, Span<uint> values)
    {
        Span<uint> powers = stackalloc uint[rows.Length];
        powers[0] = 1;
        for (int degree = 1; degree < powers.Length; degree++)
            powers[degree] = MersenneField.Multiply(powers[degree - 1], point);
        FieldVectors.WeightedSum(powers, rows, values);
    }
}
