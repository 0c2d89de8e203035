using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>Gets the sum of the secrets from t of the committee's sums, and holds the others against them.</summary>
public static class KeySumCombiner
{
    /// <summary>Interpolates at 0 and takes each element as the integer of least absolute value.</summary>
    /// <param name="parameters">Bounds the result.</param>
    /// <param name="sharing">M and t.</param>
    /// <param name="participants">How many secrets were summed.</param>
    /// <param name="subsetOfExactlyT">Exactly t sums by committee member.</param>
    /// <param name="keySum">Receives the sum.</param>
    /// <returns><see langword="false"/> if a sum is filed under another receiver than it names, or if a coefficient is larger than
    /// <paramref name="participants"/> secrets could sum to: a wrong sum among them.</returns>
    /// <exception cref="ArgumentException">There are not exactly t sums, a number is out of range, or the sums are not of the parameters' set.</exception>
    public static bool TryCombine(
        KaheParameters parameters, SharingParameters sharing, int participants, IReadOnlyDictionary<int, ShareSum> subsetOfExactlyT,
        [NotNullWhen(true)] out KeySum? keySum)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        KeySum.RequireParticipants(parameters, participants);
        (uint[] points, uint[][] values) = Order(sharing, subsetOfExactlyT, nameof(subsetOfExactlyT));
        keySum = null;
        if (subsetOfExactlyT.Any(entry => entry.Key != entry.Value.Receiver))
            return false;
        if (subsetOfExactlyT.Values.First().Set != parameters.Set)
            throw new ArgumentException($"The sums are not of {parameters.Set}.", nameof(subsetOfExactlyT));
        uint[] secret = new uint[parameters.RingDegree];
        FieldVectors.WeightedSum(LagrangeBasis.Over(points).At(0), values, secret);
        return KeySum.TryCreate(parameters, participants, Array.ConvertAll(secret, MersenneField.Centre), out keySum);
    }

    /// <summary>The committee members among <paramref name="others"/> whose sums do not lie on the polynomials through <paramref name="subset"/>, in order.</summary>
    /// <remarks>If anyone is listed, somebody is wrong: a listed member or one of the subset. Where M &gt;= t + 2f the largest consistent set tells.</remarks>
    /// <param name="sharing">M and t.</param>
    /// <param name="subset">Exactly t sums by committee member.</param>
    /// <param name="others">Further sums.</param>
    /// <exception cref="ArgumentException">The subset does not have exactly t sums, a receiver is out of range, or the sums are of different sets.</exception>
    public static IReadOnlyList<int> Inconsistent(
        SharingParameters sharing, IReadOnlyDictionary<int, ShareSum> subset, IReadOnlyDictionary<int, ShareSum> others)
    {
        (uint[] points, uint[][] values) = Order(sharing, subset, nameof(subset));
        ArgumentNullException.ThrowIfNull(others);
        sharing.RequireReceivers(others.Keys, nameof(others));
        RequireOneSet(others.Values, subset.Values.First().Set, nameof(others));
        LagrangeBasis basis = LagrangeBasis.Over(points);
        var inconsistent = new List<int>();
        foreach ((int receiver, ShareSum sum) in others.OrderBy(entry => entry.Key))
        {
            if (sum.Receiver != receiver || !basis.Holds((uint)receiver, sum.Elements, values))
                inconsistent.Add(receiver);
        }
        return inconsistent;
    }

    private static (uint[] Points, uint[][] Values) Order(
        SharingParameters sharing, IReadOnlyDictionary<int, ShareSum> sums, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(sharing);
        ArgumentNullException.ThrowIfNull(sums, parameterName);
        sharing.RequireReceivers(sums.Keys, parameterName);
        if (sums.Count != sharing.Threshold)
            throw new ArgumentException($"Exactly {sharing.Threshold} sums are combined, not {sums.Count}.", parameterName);
        RequireOneSet(sums.Values, sums.Values.First().Set, parameterName);
        int[] receivers = [.. sums.Keys.Order()];
        return (Array.ConvertAll(receivers, r => (uint)r), Array.ConvertAll(receivers, r => sums[r].Elements));
    }

    private static void RequireOneSet(IEnumerable<ShareSum> sums, KaheParameterSet set, string parameterName)
    {
        if (sums.Any(sum => sum.Set != set))
            throw new ArgumentException("The sums are of different sets.", parameterName);
    }
}
