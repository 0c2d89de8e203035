using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Besu.Tests;

/// <summary>An agreement of three hospitals with accounts 1, 2, 3, a coordinator 200 and a deployer 203.</summary>
internal static class Agreements
{
    public const ulong ChainId = 4242;

    /// <summary>The agreement; skips the test where its keys cannot be read. Its contracts are account 203's.</summary>
    public static ConsortiumAgreement Of(bool developmentChain, byte deployer = 203)
    {
        Assert.SkipUnless(SigningKey.IsSupported, "needs ML-DSA: OpenSSL 3.5 or newer (LD_LIBRARY_PATH)");
        LedgerDeployment contracts = LedgerDeployer.PredictFor(Sample.Account(203), ChainId);
        return AgreementFile.Create(
            new FederationId(Digest.Of("federation"u8)),
            new AgreedLedger(ChainId, contracts.Registry, contracts.Rounds, Sample.Account(deployer), developmentChain, VotingRules.Default),
            new AgreedCoordinator(MemberId.Parse("coordinator"), Sample.Account(200), Key(200), new byte[1184]),
            Enumerable.Range(1, 3).Select(i => new AgreedMember(MemberId.Parse($"hospital-{i:D3}"), Sample.Account((byte)i), Key((byte)i))),
            threshold: 2, minParticipants: 3, toleratedColluders: 0,
            new LearningTask
            {
                Dataset = "synthetic", Method = TrainingMethod.Newton, Model = new AgreedModel(AgreedModelKind.Logistic, 2, [], 0, 0), Features = ["age"], Magnitudes = [7],
                Standardise = Standardise.Federated, L2 = 1, Rounds = 10, Averaging = null,
            },
            TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30));
    }

    // Any bytes of the right length are an ML-DSA-65 public key, as far as reading it goes.
    private static VerificationKey Key(byte seed)
    {
        byte[] encoded = new byte[VerificationKey.SizeInBytes];
        encoded.AsSpan().Fill(seed);
        return VerificationKey.TryParse(encoded, out VerificationKey? key) ? key : throw new InvalidOperationException("The key is not read.");
    }
}
