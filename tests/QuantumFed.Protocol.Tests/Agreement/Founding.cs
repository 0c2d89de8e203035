using System.Text.Json.Nodes;

namespace QuantumFed.Protocol.Tests;

/// <summary>An agreement of four members that keeps every rule, and ways to break one.</summary>
internal static class Founding
{
    public static ConsortiumAgreement Agreement(int members = 4, LearningTask? task = null, LinkPolicy?[]? links = null) => AgreementFile.Create(
        new FederationId(Digest.Of("federation"u8)),
        new AgreedLedger(31337, Account(201), Account(202), Account(203), DevelopmentChain: true, VotingRules.Default),
        new AgreedCoordinator(MemberId.Parse("coordinator"), Account(200), Key(200), new byte[1184]),
        Enumerable.Range(1, members).Reverse().Select(i => new AgreedMember(MemberId.Parse($"hospital-{i:D3}"), Account((byte)i), Key((byte)i), links?.ElementAtOrDefault(i - 1))),
        threshold: (members + (members - 1) / 3) / 2 + 1, minParticipants: 3, toleratedColluders: 0,
        task ?? Newton,
        TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30));

    public static LearningTask Newton { get; } = new()
    {
        Dataset = "synthetic",
        Method = TrainingMethod.Newton,
        Model = new AgreedModel(AgreedModelKind.Logistic, 2, [], 0, 0),
        Features = ["age", "weight"],
        Magnitudes = [7, -3],
        Standardise = Standardise.Federated,
        L2 = 1,
        Rounds = 10,
        Averaging = null,
    };

    // Any bytes of the right length are an ML-DSA-65 public key, as far as reading it goes.
    public static VerificationKey Key(byte seed)
    {
        byte[] encoded = new byte[VerificationKey.SizeInBytes];
        encoded.AsSpan().Fill(seed);
        Assert.True(VerificationKey.TryParse(encoded, out VerificationKey? key));
        return key;
    }

    public static EthereumAddress Account(byte last) => new([.. new byte[19], last]);

    /// <summary>The failure of the agreement after a change to its JSON; null if it is still read.</summary>
    public static string? FailureAfter(Action<JsonNode> change, LearningTask? task = null)
    {
        JsonNode json = JsonNode.Parse(Agreement(task: task).ToArray())!;
        change(json);
        return FailureOf(json.ToJsonString());
    }

    public static string? FailureOf(string json) =>
        ConsortiumAgreement.TryParse(System.Text.Encoding.UTF8.GetBytes(json), out _, out string? failure) ? null : failure;
}
