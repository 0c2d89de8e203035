using System.Net;
using QuantumFed.Protocol;

namespace QuantumFed.Besu.Tests;

/// <summary>Networks for tests.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 3, 29, 12, 30, 15, TimeSpan.Zero);

    public static readonly EthereumAddress[] Accounts = [Account(7), Account(3), Account(9)];

    public static NetworkPlan Plan(int validators, string[]? hosts = null, ConsortiumAgreement? agreement = null, ulong? chainId = null, EthereumAddress[]? accounts = null, int tokenDays = 30, NodePublicKey?[]? ownKeys = null) =>
        NetworkPlan.TryCreate(validators, [.. (hosts ?? []).Select(IPAddress.Parse)], ownKeys ?? [], chainId, agreement, accounts ?? [], tokenDays, out NetworkPlan? plan, out string? failure)
            ? plan
            : throw new InvalidOperationException(failure);

    public static EthereumAddress Account(byte last) => new((byte[])[.. new byte[19], last]);

    public static string Text(this BesuNetwork network, string path) => System.Text.Encoding.UTF8.GetString(network.Bytes(path));

    public static byte[] Bytes(this BesuNetwork network, string path) => network.Files.Single(file => file.Path == path).Content.ToArray();

    /// <summary>A validator's enode URL, from the files it is given.</summary>
    public static string EnodeOf(this BesuNetwork network, ValidatorPlace place) => $"enode://{network.Text(place.Name + "/key.pub")[2..]}@{place.Host}:{place.PeerPort}";
}
