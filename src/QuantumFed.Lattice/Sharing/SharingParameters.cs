namespace QuantumFed.Lattice;

/// <summary>A committee of M, any t of whom open a sum: Shamir's secret sharing ("How to share a secret", 1979) over F_p, p = 2^31 - 1, receivers
/// at the points 1 to M.</summary>
/// <remarks>p &gt; 2 N 42 for every N that <see cref="KaheParameters"/> allows, so a sum of secrets is recovered as an integer.</remarks>
public sealed record SharingParameters
{
    /// <summary>The largest committee.</summary>
    public const int MaxCommitteeSize = 255;

    /// <summary>The prime p = 2^31 - 1.</summary>
    public const uint FieldPrime = MersenneField.P;

    private SharingParameters(int committeeSize, int threshold) => (CommitteeSize, Threshold) = (committeeSize, threshold);

    /// <summary>M.</summary>
    public int CommitteeSize { get; }

    /// <summary>t: so many shares give the secret, one fewer gives nothing. Polynomials have degree t - 1.</summary>
    public int Threshold { get; }

    /// <summary>f = floor((M - 1)/3): so many malicious members are tolerated.</summary>
    /// <remarks>Two sets of t have an honest member in common where 2t &gt; M + f, and the honest open a sum alone where M - f &gt;= t.
    /// <see cref="ForCommittee"/> has both; other thresholds are the caller's choice.</remarks>
    public int ToleratedMalicious => (CommitteeSize - 1) / 3;

    /// <summary>The wrong ones among so many answers that can always be told from the right: floor((answers - t)/2), the radius of unique
    /// decoding. With more, two sets of polynomials may fit the answers equally well.</summary>
    /// <param name="answers">How many answered.</param>
    public int TolerableErrors(int answers) => Math.Max(0, (answers - Threshold) / 2);

    /// <summary>Whether so many answers, of whom at most f lie, tell who: answers &gt;= t + 2f.</summary>
    /// <param name="answers">How many answered.</param>
    public bool NamesLiars(int answers) => NamesLiars(answers, ToleratedMalicious);

    /// <summary>Whether so many answers, of whom at most <paramref name="lying"/> lie, tell who: answers &gt;= t + 2 lying.</summary>
    /// <param name="answers">How many answered.</param>
    /// <param name="lying">How many may lie.</param>
    public bool NamesLiars(int answers, int lying) => answers >= Threshold + 2 * lying;

    /// <summary>Takes M and t.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 &lt;= t &lt;= M &lt;= 255.</exception>
    public static SharingParameters Create(int committeeSize, int threshold)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(committeeSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(committeeSize, MaxCommitteeSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threshold);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threshold, committeeSize);
        return new SharingParameters(committeeSize, threshold);
    }

    /// <summary>The default threshold: f = floor((M - 1)/3) malicious members tolerated, t = floor((M + f)/2) + 1, so that 2t &gt; M + f: two sets
    /// of t have an honest member in common, and no two sums can be opened in one round.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="committeeSize"/> is not between 1 and 255.</exception>
    public static SharingParameters ForCommittee(int committeeSize)
    {
        SharingParameters all = Create(committeeSize, committeeSize);
        return Create(committeeSize, (committeeSize + all.ToleratedMalicious) / 2 + 1);
    }

    /// <summary>Refuses receivers outside 1 to M.</summary>
    internal void RequireReceivers(IEnumerable<int> receivers, string parameterName)
    {
        foreach (int receiver in receivers)
        {
            if (receiver < 1 || receiver > CommitteeSize)
                throw new ArgumentException($"Receiver {receiver} is not between 1 and {CommitteeSize}.", parameterName);
        }
    }
}
