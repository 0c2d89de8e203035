using System.Globalization;
using System.Security.Cryptography;
using QuantumFed.Lattice;
using QuantumFed.Learning;
using QuantumFed.Ledger;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>
/// Founds a consortium in one folder, for a demo or a developer's testnet: makes every party's keys, certificates and settings, writes the
/// agreement and gathers the consents. Keys are random, whatever the seed of the data.
/// </summary>
public static class WorkspaceFactory
{
    private const ulong ChainId = 20260;
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(90);
    private static readonly TimeSpan StepTime = TimeSpan.FromSeconds(60);

    /// <summary>Fills the workspace's folder.</summary>
    public static ConsortiumAgreement Create(WorkspaceLayout layout, WorkspaceRequest request, TimeProvider time)
    {
        using CertificateAuthority authority = CertificateAuthority.Create(request.Consortium, CertificateLifetime, time);
        authority.Save(layout.Authority);
        var coordinatorId = MemberId.Parse("coordinator");
        EthereumAddress deployer = CreateLedger(layout, request);
        (AgreedCoordinator coordinator, SigningKey coordinatorKey) = CreateCoordinator(layout, request, authority, coordinatorId);
        var signers = new Dictionary<MemberId, SigningKey> { [coordinatorId] = coordinatorKey };
        try
        {
            var members = new List<AgreedMember>();
            foreach (HospitalCohort cohort in request.Cohorts)
                members.Add(CreateMember(layout, request, authority, cohort, signers));
            LedgerDeployment deployment = LedgerDeployer.PredictFor(deployer, ChainId);
            SharingParameters sharing = SharingParameters.ForCommittee(members.Count);
            ConsortiumAgreement agreement = AgreementFile.Create(
                new FederationId(new Digest(RandomNumberGenerator.GetBytes(Digest.SizeInBytes))),
                new AgreedLedger(ChainId, deployment.Registry, deployment.Rounds, deployer, DevelopmentChain: true, VotingRules.Default),
                coordinator, members, sharing.Threshold, minParticipants: 3, toleratedColluders: 0, request.Task, request.CommitTime,
                // Who waits for a key is still waited for.
                StepTime + (request.Links?.Policy.WaitTime ?? TimeSpan.Zero));
            Publish(layout, agreement, signers);
            foreach ((MemberId member, LinkSettings link) in request.Links?.Settings ?? new Dictionary<MemberId, LinkSettings>())
                LinkFounder.Create(layout.Link(member), link, authority, CertificateLifetime);
            return agreement;
        }
        finally
        {
            foreach (SigningKey signer in signers.Values)
                signer.Dispose();
        }
    }

    private static EthereumAddress CreateLedger(WorkspaceLayout layout, WorkspaceRequest request)
    {
        var folder = new PartyFolder(layout.Ledger);
        folder.Create();
        SettingsFile.Write(folder.Settings, new LedgerSettings("consortium.json", request.LedgerPort));
        using LedgerAccount deployer = folder.CreateAccount();
        return deployer.Address;
    }

    private static (AgreedCoordinator Coordinator, SigningKey Key) CreateCoordinator(
        WorkspaceLayout layout, WorkspaceRequest request, CertificateAuthority authority, MemberId id)
    {
        var folder = new PartyFolder(layout.Coordinator);
        folder.Create();
        using (NodeIdentity identity = authority.IssueServer(id, ["localhost", "127.0.0.1"], CertificateLifetime))
            folder.Save(identity);
        SettingsFile.Write(folder.Settings, new CoordinatorSettings(
            "consortium.json", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{request.CoordinatorPort}"), LedgerRpc(request), "../archive",
            request.Links?.OfCoordinator));
        SigningKey key = folder.CreateSigningKey();
        using LedgerAccount account = folder.CreateAccount();
        using PayloadKeyPair payloadKey = folder.CreatePayloadKey();
        return (new AgreedCoordinator(id, account.Address, key.VerificationKey, payloadKey.EncapsulationKey), key);
    }

    private static AgreedMember CreateMember(
        WorkspaceLayout layout, WorkspaceRequest request, CertificateAuthority authority, HospitalCohort cohort,
        Dictionary<MemberId, SigningKey> signers)
    {
        MemberId id = MemberId.Parse(cohort.Name);
        var folder = new PartyFolder(layout.Member(id));
        folder.Create();
        using (NodeIdentity identity = authority.IssueClient(id, CertificateLifetime))
            folder.Save(identity);
        SettingsFile.Write(folder.Settings, new MemberSettings(
            "consortium.json", new Uri(string.Create(CultureInfo.InvariantCulture, $"https://localhost:{request.CoordinatorPort}")),
            LedgerRpc(request), "data/train.csv", request.TrainingSeed, request.Trainer, request.Links?.OfMember(id)));
        Directory.CreateDirectory(folder.Data);
        DatasetCsv.WriteFile(Path.Combine(folder.Data, "train.csv"), cohort.Train);
        DatasetCsv.WriteFile(Path.Combine(folder.Data, "test.csv"), cohort.Test);
        SigningKey key = folder.CreateSigningKey();
        signers.Add(id, key);
        using LedgerAccount account = folder.CreateAccount();
        return new AgreedMember(id, account.Address, key.VerificationKey, request.Links?.Policy);
    }

    private static void Publish(WorkspaceLayout layout, ConsortiumAgreement agreement, Dictionary<MemberId, SigningKey> signers)
    {
        byte[] bytes = agreement.ToArray();
        IEnumerable<string> folders = agreement.Members.Select(member => layout.Member(member.Id)).Concat([layout.Coordinator, layout.Ledger]);
        foreach (string path in folders.Select(folder => new PartyFolder(folder).Agreement).Append(layout.Agreement))
            DurableFile.Write(path, bytes);
        foreach ((MemberId party, SigningKey key) in signers)
            DurableFile.Write(layout.Consent(party), SignedMessage.Sign(new Consent(agreement.Digest), party, key).ToArray());
    }

    private static Uri LedgerRpc(WorkspaceRequest request) =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{request.LedgerPort}"));
}
