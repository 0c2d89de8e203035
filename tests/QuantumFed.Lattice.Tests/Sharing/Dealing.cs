namespace QuantumFed.Lattice.Tests;

/// <summary>Several dealers' secrets and shares.</summary>
internal sealed class Dealing : IDisposable
{
    private readonly SharingParameters _sharing;

    private Dealing(SharingParameters sharing) => _sharing = sharing;

    internal List<KaheSecretKey> Keys { get; } = [];

    internal List<DealtShares> Shares { get; } = [];

    internal static Dealing Of(KaheParameters parameters, SharingParameters sharing, int dealers)
    {
        var dealing = new Dealing(sharing);
        for (int i = 0; i < dealers; i++)
        {
            dealing.Keys.Add(KaheSecretKey.Generate(parameters));
            dealing.Shares.Add(SecretSharing.Deal(dealing.Keys[i], sharing));
        }
        return dealing;
    }

    internal int[] SecretSum()
    {
        int[] sum = new int[2048];
        foreach (KaheSecretKey key in Keys)
        {
            for (int i = 0; i < sum.Length; i++)
                sum[i] += key.Coefficients[i];
        }
        return sum;
    }

    /// <summary>Sum j - 1 is committee member j's.</summary>
    internal ShareSum[] Sums() => [.. Enumerable.Range(1, _sharing.CommitteeSize).Select(j => ShareSum.Of(Shares.Select(s => s[j])))];

    public void Dispose()
    {
        Keys.ForEach(key => key.Dispose());
        Shares.ForEach(shares => shares.Dispose());
    }
}
