using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuantumFed.Protocol;

/// <summary>The JSON form of a <see cref="ConsortiumAgreement"/>, version 3. docs/wire-format.md lists its fields.</summary>
public sealed class AgreementFile
{
    /// <summary>The version this program reads and writes. Version 3 brought the voting rules, which the contracts are deployed with.</summary>
    public const int CurrentVersion = 3;

    // FIPS 203, table 3: the encapsulation key of ML-KEM-768.
    private const int PayloadKeySizeInBytes = 1184;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        WriteIndented = true,
    };

    private static readonly JsonSerializerOptions VersionOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Writes an agreement. The founders' consent is given to exactly these bytes.</summary>
    /// <exception cref="ArgumentException">The agreement breaks one of its own rules.</exception>
    public static ConsortiumAgreement Create(
        FederationId federation, AgreedLedger ledger, AgreedCoordinator coordinator, IEnumerable<AgreedMember> members, int threshold,
        int minParticipants, int toleratedColluders, LearningTask task, TimeSpan commitTime, TimeSpan stepTime)
    {
        var file = new Root(
            CurrentVersion, federation.ToString(),
            new Ledger(ledger.ChainId, ledger.Registry.ToString(), ledger.Rounds.ToString(), ledger.Deployer.ToString(), ledger.DevelopmentChain,
                new Voting(ledger.Voting.QuorumPercent, ledger.Voting.ThresholdPercent, (int)ledger.Voting.VotingPeriod.TotalSeconds)),
            new Coordinator(coordinator.Id.Name, coordinator.Account.ToString(), coordinator.Key.ToArray(), coordinator.PayloadKey.ToArray()),
            [.. members.OrderBy(member => member.Id).Select(member => Member.Of(member))],
            threshold, minParticipants, toleratedColluders,
            TaskFile.Of(task),
            (int)commitTime.TotalSeconds, (int)stepTime.TotalSeconds);
        return TryParse(JsonSerializer.SerializeToUtf8Bytes(file, Options), out ConsortiumAgreement? agreement, out string? failure)
            ? agreement
            : throw new ArgumentException(failure);
    }

    internal static bool TryParse(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ConsortiumAgreement? agreement, [NotNullWhen(false)] out string? failure)
    {
        agreement = null;
        failure = null;
        try
        {
            // The version before anything else: another version's file has other properties, and a list of those is no help to its reader.
            int version = (JsonSerializer.Deserialize<Versioned>(bytes, VersionOptions) ?? throw new FormatException("the file is empty")).Version;
            Require(version == CurrentVersion, $"its version is {version}, this program reads version {CurrentVersion}");
            Root file = JsonSerializer.Deserialize<Root>(bytes, Options) ?? throw new FormatException("the file is empty");
            agreement = Read(bytes.ToArray(), file);
            return true;
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            failure = $"The agreement cannot be read: {error.Message}";
            return false;
        }
    }

    private static ConsortiumAgreement Read(byte[] bytes, Root file)
    {
        // The serialiser refuses null for a property, not for an item of a list.
        Require(!file.Members.Contains(null!), "a member is null");
        AgreedMember[] members = [.. file.Members.Select(member => member.Read())];
        var coordinator = new AgreedCoordinator(
            MemberId.Parse(file.Coordinator.Name), EthereumAddress.Parse(file.Coordinator.Account),
            Key(file.Coordinator.Name, file.Coordinator.VerificationKey), file.Coordinator.PayloadKey);
        Require(members.Length is >= 3 and <= 255, $"a federation has 3 to 255 members, not {members.Length}");
        for (int i = 1; i < members.Length; i++)
            Require(members[i].Id > members[i - 1].Id, "its members are not in ascending order of their names, or one comes twice");
        Require(members.All(member => member.Id != coordinator.Id), "the coordinator bears a member's name");
        Require(
            members.Select(member => member.Account).Append(coordinator.Account).Distinct().Count() == members.Length + 1,
            "two parties share a ledger account");
        Require(
            members.Select(member => member.Key.Digest).Append(coordinator.Key.Digest).Distinct().Count() == members.Length + 1,
            "two parties share a verification key");
        int f = (members.Length - 1) / 3;
        Require(
            // At least 1 before it is doubled: twice some negative numbers is a positive one.
            file.Threshold >= 1 && file.Threshold <= members.Length && 2 * file.Threshold > members.Length + f,
            $"a threshold of {file.Threshold} does not fit {members.Length} committee members with {f} tolerated malicious: 2t > M + f must hold, and t <= M");
        Require(file.ToleratedColluders >= 0, "the tolerated colluders are negative");
        Require(file.ToleratedColluders <= members.Length, "there are more tolerated colluders than members");
        Require(
            file.MinParticipants >= file.ToleratedColluders + 3 && file.MinParticipants <= members.Length,
            $"at least {file.ToleratedColluders + 3} and at most {members.Length} participants must be asked for, not {file.MinParticipants}");
        Require(file.Coordinator.PayloadKey.Length == PayloadKeySizeInBytes, "the coordinator's payload key is not an ML-KEM-768 key");
        foreach (AgreedMember member in members.Where(member => member.Link is { } link && link.WaitTime.TotalSeconds > file.StepSeconds))
            Require(false, $"'{member.Id}' would wait {member.Link!.WaitTime.TotalSeconds} s for a key of its quantum link, and a step takes {file.StepSeconds} s");
        var voting = new VotingRules(
            file.Ledger.Voting.QuorumPercent, file.Ledger.Voting.ThresholdPercent, TimeSpan.FromSeconds(file.Ledger.Voting.PeriodSeconds));
        Require(voting.AreInRange, "the voting rules ask for a quorum of 1 to 100 percent, a threshold of 50 to 99 and a period of 3600 to 31536000 seconds");
        Require(file.CommitSeconds is >= 1 and <= 604_800 && file.StepSeconds is >= 1 and <= 604_800, "a step takes 1 second to 7 days");
        return new ConsortiumAgreement(bytes)
        {
            Federation = FederationId.Parse(file.Federation),
            Ledger = new AgreedLedger(
                file.Ledger.ChainId, EthereumAddress.Parse(file.Ledger.Registry), EthereumAddress.Parse(file.Ledger.Rounds),
                EthereumAddress.Parse(file.Ledger.Deployer), file.Ledger.DevelopmentChain, voting),
            Coordinator = coordinator,
            Members = members,
            Threshold = file.Threshold,
            MinParticipants = file.MinParticipants,
            ToleratedColluders = file.ToleratedColluders,
            Task = file.Task.Read(),
            CommitTime = TimeSpan.FromSeconds(file.CommitSeconds),
            StepTime = TimeSpan.FromSeconds(file.StepSeconds),
        };
    }

    private static void Require(bool condition, string failure)
    {
        if (!condition)
            throw new FormatException(failure);
    }

    private static VerificationKey Key(string party, byte[] encoded) =>
        VerificationKey.TryParse(encoded, out VerificationKey? key)
            ? key
            : throw new FormatException($"the verification key of '{party}' is not an ML-DSA-65 key");

    private sealed record Versioned(int Version);

    private sealed record Root(
        int Version, string Federation, Ledger Ledger, Coordinator Coordinator, Member[] Members, int Threshold, int MinParticipants,
        int ToleratedColluders, TaskFile Task, int CommitSeconds, int StepSeconds);

    private sealed record Ledger(ulong ChainId, string Registry, string Rounds, string Deployer, bool DevelopmentChain, Voting Voting);

    private sealed record Voting(int QuorumPercent, int ThresholdPercent, int PeriodSeconds);

    private sealed record Coordinator(string Name, string Account, byte[] VerificationKey, byte[] PayloadKey);

    // A member without a quantum link has no such property. The type is not nullable so that null, a second form of the same, is refused.
    private sealed record Member(
        string Name, string Account, byte[] VerificationKey,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] QuantumLink QuantumLink = null!)
    {
        public static Member Of(AgreedMember member) => new(
            member.Id.Name, member.Account.ToString(), member.Key.ToArray(), member.Link is { } policy ? new QuantumLink(policy.ToString()) : null!);

        public AgreedMember Read() => new(
            MemberId.Parse(Name), EthereumAddress.Parse(Account), Key(Name, VerificationKey), QuantumLink is { } link ? LinkPolicy.Parse(link.Policy) : null);
    }

    private sealed record QuantumLink(string Policy);
}
