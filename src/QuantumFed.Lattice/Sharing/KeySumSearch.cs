using System.Security.Cryptography;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>Looks for the right ones among a committee's sums that may contradict each other.</summary>
/// <remarks>
/// <para>The sums are one Reed-Solomon word for each of n coefficients, wrong in the same places. Three random combinations of the
/// coefficients stand for all: they come from a hash over the sums, so whoever made the sums could not choose them, whoever repeats the search gets the
/// same, and a wrong sum goes unnoticed in all three with probability about 2^-93.</para>
/// <para>With m sums, at most floor((m - t)/2) of them wrong, decoding finds the right ones at once: no other set is consistent.
/// With more, one set after the other is taken out and the rest decoded: each g taken out raises the reach to floor((m - t + g)/2), until with g = m - t each
/// t sums stand for themselves. Then several sets fit, and only what the sums open can tell.</para>
/// <para>Each step takes time quadratic in m, so there are at most <see cref="WorkLimit"/>/m^2: everything for committees up to 20 with default
/// thresholds, for one of 255 the first 516 steps. Hostile sums cannot make it longer.</para>
/// </remarks>
public sealed class KeySumSearch
{
    /// <summary>The bound on steps times m^2: about a second.</summary>
    public const int WorkLimit = 1 << 25;

    private readonly SharingParameters _sharing;
    private readonly int[] _receivers;
    private readonly ShareSum[] _sums;

    private KeySumSearch(SharingParameters sharing, int[] receivers, ShareSum[] sums) => (_sharing, _receivers, _sums) = (sharing, receivers, sums);

    /// <summary>Takes the sums of those that answered for their own point.</summary>
    /// <param name="sharing">M and t.</param>
    /// <param name="sums">At least t sums by committee member.</param>
    /// <exception cref="ArgumentException">There are fewer than t sums, a receiver is out of range, a sum names another than it is filed under, or the sums are of different sets.</exception>
    public static KeySumSearch Over(SharingParameters sharing, IReadOnlyDictionary<int, ShareSum> sums)
    {
        ArgumentNullException.ThrowIfNull(sharing);
        ArgumentNullException.ThrowIfNull(sums);
        sharing.RequireReceivers(sums.Keys, nameof(sums));
        if (sums.Count < sharing.Threshold)
            throw new ArgumentException($"{sums.Count} sums open nothing that takes {sharing.Threshold}.", nameof(sums));
        if (sums.Any(entry => entry.Key != entry.Value.Receiver))
            throw new ArgumentException("A sum is filed under another receiver than it names.", nameof(sums));
        if (sums.Values.Any(sum => sum.Set != sums.Values.First().Set))
            throw new ArgumentException("The sums are of different sets.", nameof(sums));
        int[] receivers = [.. sums.Keys.Order()];
        return new KeySumSearch(sharing, receivers, Array.ConvertAll(receivers, receiver => sums[receiver]));
    }

    /// <summary>The most steps that the bound allows for so many sums.</summary>
    public int StepLimit => Math.Max(1, WorkLimit / (_receivers.Length * _receivers.Length));

    /// <summary>Whether the bound leaves no set out.</summary>
    public bool IsExhaustive
    {
        get
        {
            double steps = 0;
            foreach (int erased in ErasedCounts())
                steps += Binomial(_receivers.Length, erased);
            return steps <= StepLimit;
        }
    }

    /// <summary>Sets of at least t members whose sums lie on common polynomials, ascending; the likeliest first, none twice. All who answered, and no other set,
    /// if nothing contradicts.</summary>
    public IEnumerable<IReadOnlyList<int>> Candidates()
    {
        if (AllAgree())
        {
            yield return _receivers;
            yield break;
        }
        uint[] points = Array.ConvertAll(_receivers, receiver => (uint)receiver);
        uint[][] combinations = Combinations();
        var words = new ReedSolomonWords(points, combinations[..SecretSharing.MaskingElements], _sharing.Threshold);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (IndependentlyRight(points, combinations, words) is { } likely && seen.Add(string.Join(' ', likely)))
            yield return Array.ConvertAll(likely, place => _receivers[place]);
        int left = StepLimit;
        foreach (int count in ErasedCounts())
        {
            foreach (int[] erased in Choices(_receivers.Length, count))
            {
                if (left-- == 0)
                    yield break;
                if (words.TryDecode(erased, out int[]? right) && seen.Add(string.Join(' ', right)))
                    yield return Array.ConvertAll(right, place => _receivers[place]);
            }
        }
    }

    private bool AllAgree()
    {
        int t = _sharing.Threshold;
        LagrangeBasis basis = LagrangeBasis.Over(Array.ConvertAll(_receivers[..t], receiver => (uint)receiver));
        uint[][] values = Array.ConvertAll(_sums[..t], sum => sum.Elements);
        for (int i = t; i < _sums.Length; i++)
        {
            if (!basis.Holds((uint)_receivers[i], _sums[i].Elements, values))
                return false;
        }
        return true;
    }

    /// <summary>None, then from one or two up in steps of two to all but t: the counts in between reach no further.</summary>
    private IEnumerable<int> ErasedCounts()
    {
        int spare = _receivers.Length - _sharing.Threshold;
        yield return 0;
        for (int count = 2 - spare % 2; count <= spare; count += 2)
            yield return count;
    }

    /// <summary>The places that are left where the wrong sums are independent of each other, if at least t are.</summary>
    private int[]? IndependentlyRight(uint[] points, uint[][] combinations, ReedSolomonWords words)
    {
        int[] wrong = IndependentErrors.Locate(points, combinations, _sharing.Threshold);
        return wrong.Length <= points.Length - _sharing.Threshold && words.TryDecode(wrong, out int[]? right) ? right : null;
    }

    /// <summary>Words of the same random combinations of each sum's coefficients: three, or one for each sum that is spare if those are more.</summary>
    private uint[][] Combinations()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ShareSum sum in _sums)
            hash.AppendData(sum.ToBytes());
        using RandomStream random = RandomStream.FromSeed(hash.GetHashAndReset(), "QuantumFed.Sharing.KeySumSearch.v1");
        uint[][] words = new uint[Math.Max(SecretSharing.MaskingElements, _receivers.Length - _sharing.Threshold)][];
        uint[] coefficients = new uint[_sums[0].Set.RingDegree];
        for (int k = 0; k < words.Length; k++)
        {
            FieldElements.Draw(random, coefficients);
            words[k] = Array.ConvertAll(_sums, sum => FieldVectors.DotProduct(coefficients, sum.Elements));
        }
        return words;
    }

    /// <summary>All ascending choices of <paramref name="size"/> places, in lexicographic order.</summary>
    private static IEnumerable<int[]> Choices(int places, int size)
    {
        int[] choice = [.. Enumerable.Range(0, size)];
        while (true)
        {
            yield return [.. choice];
            int i = size - 1;
            while (i >= 0 && choice[i] == places - size + i)
                i--;
            if (i < 0)
                yield break;
            choice[i]++;
            for (int next = i + 1; next < size; next++)
                choice[next] = choice[next - 1] + 1;
        }
    }

    private static double Binomial(int n, int k)
    {
        double result = 1;
        for (int i = 1; i <= k; i++)
            result = result * (n - k + i) / i;
        return result;
    }
}
