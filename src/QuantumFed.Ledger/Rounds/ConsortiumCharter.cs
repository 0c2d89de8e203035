using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>What a federation is founded on, as it stands on the ledger. Immutable; equality is of content, the members' order included.</summary>
public sealed class ConsortiumCharter : IEquatable<ConsortiumCharter>
{
    // MAX_PARTIES of the contract.
    private const int MaxParties = 1024;

    private ConsortiumCharter(
        FederationId federationId, Digest agreementHash, CharterParty coordinator, ImmutableArray<CharterParty> members, VotingRules voting,
        Digest initialModelHash)
    {
        FederationId = federationId;
        AgreementHash = agreementHash;
        Coordinator = coordinator;
        Members = members;
        Voting = voting;
        InitialModelHash = initialModelHash;
    }

    /// <summary>The federation.</summary>
    public FederationId FederationId { get; }

    /// <summary>SHA-256 of the agreement the members signed.</summary>
    public Digest AgreementHash { get; }

    /// <summary>Who opens and closes rounds; not a member.</summary>
    public CharterParty Coordinator { get; }

    /// <summary>The members, 1 to 1023.</summary>
    public ImmutableArray<CharterParty> Members { get; }

    /// <summary>When a proposal of the members is carried.</summary>
    public VotingRules Voting { get; }

    /// <summary>SHA-256 of the model the members approved before the first round.</summary>
    public Digest InitialModelHash { get; }

    /// <summary>Puts a charter together.</summary>
    /// <exception cref="ArgumentException">
    /// Something is zero, the voting rules are out of range, the members are none or more than 1023, or two parties share an account or a signing key.
    /// </exception>
    public static ConsortiumCharter Create(
        FederationId federationId, Digest agreementHash, CharterParty coordinator, IEnumerable<CharterParty> members, VotingRules voting,
        Digest initialModelHash)
    {
        ArgumentNullException.ThrowIfNull(members);
        return TryCreate(federationId, agreementHash, coordinator, members, voting, initialModelHash, out ConsortiumCharter? charter, out string? failure)
            ? charter
            : throw new ArgumentException(failure);
    }

    /// <summary>Puts a charter together; <see langword="false"/>, and why, where <see cref="Create"/> would throw.</summary>
    internal static bool TryCreate(
        FederationId federationId,
        Digest agreementHash,
        CharterParty coordinator,
        IEnumerable<CharterParty> members,
        VotingRules voting,
        Digest initialModelHash,
        [NotNullWhen(true)] out ConsortiumCharter? charter,
        [NotNullWhen(false)] out string? failure)
    {
        ImmutableArray<CharterParty> all = [.. members];
        CharterParty[] parties = [coordinator, .. all];
        failure =
            federationId.Value.IsZero || agreementHash.IsZero || initialModelHash.IsZero ? "A charter's hashes are not zero."
            : all.Length is 0 or >= MaxParties ? $"A consortium is founded by 1 to {MaxParties - 1} members, not {all.Length}."
            : !voting.AreInRange ? "The voting rules are out of range."
            : parties.Any(party => party.Account.IsZero || party.SigningKeyHash.IsZero) ? "Every party has an account and a signing key."
            : parties.DistinctBy(party => party.Account).Count() != parties.Length ? "Two parties share an account."
            : parties.DistinctBy(party => party.SigningKeyHash).Count() != parties.Length ? "Two parties share a signing key."
            : null;
        charter = failure is null ? new ConsortiumCharter(federationId, agreementHash, coordinator, all, voting, initialModelHash) : null;
        return charter is not null;
    }

    /// <inheritdoc/>
    public bool Equals(ConsortiumCharter? other) =>
        other is not null && FederationId == other.FederationId && AgreementHash == other.AgreementHash && Coordinator == other.Coordinator
        && Voting == other.Voting && InitialModelHash == other.InitialModelHash && Members.SequenceEqual(other.Members);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ConsortiumCharter);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(FederationId, AgreementHash, Coordinator, InitialModelHash);

    /// <summary>The data of the transaction that creates the registry.</summary>
    internal byte[] RegistryCreationData() => ContractArtifact.ConsortiumRegistry.CreationData(
        FederationId.Value,
        AgreementHash,
        new object[] { Founder(Coordinator, PartyRole.Coordinator) }.Concat(Members.Select(member => Founder(member, PartyRole.Member))).ToArray(),
        new object[] { (ulong)Voting.QuorumPercent, (ulong)Voting.ThresholdPercent, (ulong)Voting.VotingPeriod.TotalSeconds });

    /// <summary>The data of the transaction that creates the round ledger.</summary>
    internal byte[] RoundsCreationData(EthereumAddress registry) =>
        ContractArtifact.RoundLedger.CreationData(registry, InitialModelHash);

    private static object[] Founder(CharterParty party, PartyRole role) =>
        [party.Account, (ulong)role, party.SigningKeyHash, party.SealingKeyHash];
}
