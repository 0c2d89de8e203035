namespace QuantumFed.Lattice;

/// <summary>Whether the check values that a committee published for one dealer lie on polynomials of degree below t, and who is wrong if not.</summary>
public static class DegreeCheck
{
    /// <summary>Whether all values lie on three polynomials of degree below t.</summary>
    /// <remarks>Any t values do; only values beyond the t-th say something about the dealer.</remarks>
    /// <param name="sharing">M and t.</param>
    /// <param name="values">Check values by receiver.</param>
    /// <exception cref="ArgumentException">There are fewer than t values, or a receiver is not between 1 and M.</exception>
    public static bool IsConsistent(SharingParameters sharing, IReadOnlyDictionary<int, ShareCheckValue> values)
    {
        (uint[] points, ShareCheckValue[] ordered) = Order(sharing, values);
        int t = sharing.Threshold;
        uint[][] elements = Array.ConvertAll(ordered, value => value.Elements);
        LagrangeBasis basis = LagrangeBasis.Over(points.AsSpan(0, t));
        for (int i = t; i < points.Length; i++)
        {
            if (!basis.Holds(points[i], elements[i], elements.AsSpan(0, t)))
                return false;
        }
        return true;
    }

    /// <summary>Finds the wrong values, if at most e = <see cref="SharingParameters.TolerableErrors"/> receivers have one: then the answer is unique.</summary>
    /// <remarks>Decodes each combination as a Reed-Solomon word, in time quadratic in the number of values. It tells whose value is off, not why: a
    /// receiver that lies, or a dealer that dealt it a bad share.</remarks>
    /// <param name="sharing">M and t.</param>
    /// <param name="values">Check values by receiver.</param>
    /// <param name="wrongReceivers">Those whose value is off the polynomials of the rest, in order; empty if all are consistent.</param>
    /// <returns><see langword="false"/> if more than e values are wrong: the dealer or too many receivers are, and nobody can be named.</returns>
    /// <exception cref="ArgumentException">There are fewer than t values, or a receiver is not between 1 and M.</exception>
    public static bool TryLocateWrong(
        SharingParameters sharing, IReadOnlyDictionary<int, ShareCheckValue> values, out IReadOnlyList<int> wrongReceivers)
    {
        (uint[] points, ShareCheckValue[] ordered) = Order(sharing, values);
        uint[][] words = new uint[SecretSharing.MaskingElements][];
        for (int k = 0; k < words.Length; k++)
            words[k] = Array.ConvertAll(ordered, value => value[k]);
        bool found = new ReedSolomonWords(points, words, sharing.Threshold).TryDecode([], out int[]? right);
        wrongReceivers = found ? [.. points.Except(right!.Select(place => points[place])).Select(point => (int)point)] : [];
        return found;
    }

    private static (uint[] Points, ShareCheckValue[] Values) Order(SharingParameters sharing, IReadOnlyDictionary<int, ShareCheckValue> values)
    {
        ArgumentNullException.ThrowIfNull(sharing);
        ArgumentNullException.ThrowIfNull(values);
        sharing.RequireReceivers(values.Keys, nameof(values));
        if (values.Count < sharing.Threshold)
            throw new ArgumentException($"{values.Count} values say nothing about polynomials that {sharing.Threshold} determine.", nameof(values));
        int[] receivers = [.. values.Keys.Order()];
        return (Array.ConvertAll(receivers, r => (uint)r), Array.ConvertAll(receivers, r => values[r]));
    }
}
