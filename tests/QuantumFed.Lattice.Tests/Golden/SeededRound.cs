using System.Security.Cryptography;
using System.Text;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>A round of two dealers and a committee of four in which nothing comes from the operating system: the same on every machine. Golden/README.md
/// says how each part is made.</summary>
internal sealed class SeededRound : IDisposable
{
    internal const int Dealers = 2;

    internal static readonly byte[] AssociatedData = Encoding.ASCII.GetBytes("QuantumFed.Golden.associatedData");

    private SeededRound()
    {
        Elements = PublicElements.Expand(Parameters, Digest("elements"), 1);
        for (int dealer = 1; dealer <= Dealers; dealer++)
        {
            using RandomStream secret = Stream(dealer, "secret"), errors = Stream(dealer, "errors"), polynomials = Stream(dealer, "polynomials");
            Keys.Add(KaheSecretKey.Generate(KaheParameterSet.Kahe2048, secret));
            uint[] values = new uint[Parameters.ValuesPerBlock];
            for (int i = 0; i < values.Length; i++)
                values[i] = (uint)((13 * i + 7919 * dealer) % 65_536);
            Values.Add(values);
            Ciphertexts.Add(Kahe.Encrypt(Parameters, Keys[^1], Elements, values, errors));
            Shares.Add(SecretSharing.Deal(KaheParameterSet.Kahe2048, Keys[^1].Coefficients, Sharing, polynomials));
        }
    }

    internal static KaheParameters Parameters { get; } = KaheParameters.Create(4, 16);

    internal static SharingParameters Sharing { get; } = SharingParameters.Create(4, 3);

    internal static ShareChallenge Challenge { get; } = ShareChallenge.FromDigest(KaheParameterSet.Kahe2048, Digest("challenge"));

    internal PublicElements Elements { get; }

    internal List<KaheSecretKey> Keys { get; } = [];

    internal List<uint[]> Values { get; } = [];

    internal List<KaheCiphertext> Ciphertexts { get; } = [];

    internal List<DealtShares> Shares { get; } = [];

    internal static SeededRound Create() => new();

    internal ShareSum ShareSum(int receiver) => Lattice.ShareSum.Of(Shares.Select(shares => shares[receiver]));

    internal KeySum KeySum()
    {
        int[] sum = new int[Parameters.RingDegree];
        foreach (KaheSecretKey key in Keys)
        {
            for (int i = 0; i < sum.Length; i++)
                sum[i] += key.Coefficients[i];
        }
        Assert.True(Lattice.KeySum.TryCreate(Parameters, Keys.Count, sum, out KeySum? keySum));
        return keySum;
    }

    internal static byte[] PrivateKey()
    {
        using RandomStream random = Stream(1, "privateKey");
        byte[] bytes = new byte[RoundKeyPair.PrivateKeySizeInBytes];
        random.Fill(bytes);
        return bytes;
    }

    public void Dispose()
    {
        Keys.ForEach(key => key.Dispose());
        Shares.ForEach(shares => shares.Dispose());
    }

    internal static RandomStream Stream(int dealer, string purpose) => RandomStream.FromSeed([(byte)dealer], "QuantumFed.Golden." + purpose);

    internal static byte[] Digest(string purpose) => SHA256.HashData(Encoding.ASCII.GetBytes("QuantumFed.Golden." + purpose));
}
