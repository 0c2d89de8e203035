using System.Collections.Immutable;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>All the ledger says of one proposal. Immutable.</summary>
public sealed record ProposalRecord
{
    /// <summary>Its number, from 0.</summary>
    public required ulong Number { get; init; }

    /// <summary>Who made it.</summary>
    public required EthereumAddress Proposer { get; init; }

    /// <summary>What is to change.</summary>
    public required RegistryChange Change { get; init; }

    /// <summary>Whom it concerns.</summary>
    public required EthereumAddress Account { get; init; }

    /// <summary>The new role, for an admission or a change of role; null otherwise.</summary>
    public required PartyRole? Role { get; init; }

    /// <summary>The registry's version when it was made: its proposer's key in that version signed it.</summary>
    public required ulong Version { get; init; }

    /// <summary>The last second in which it can be voted on and executed, in Unix time.</summary>
    public required ulong Expires { get; init; }

    /// <summary>Where it stands.</summary>
    public required LedgerStep Step { get; init; }

    /// <summary>The encoded ML-DSA-65 public key; empty where the change has none.</summary>
    public ReadOnlyMemory<byte> SigningKey { get; init; }

    /// <summary>The encoded ML-KEM-768 encapsulation key; empty where there is none.</summary>
    public ReadOnlyMemory<byte> SealingKey { get; init; }

    /// <summary>The votes in the chain's order, those that no longer count too.</summary>
    public ImmutableArray<VoteRecord> Votes { get; init; } = [];

    /// <summary>How it was carried; null while it was not.</summary>
    public ProposalExecution? Execution { get; init; }

    /// <summary>SHA-256 of the ML-DSA key; zero where there is none.</summary>
    public Digest SigningKeyHash => SigningKey.IsEmpty ? default : Digest.Of(SigningKey.Span);

    /// <summary>SHA-256 of the ML-KEM key; zero where there is none.</summary>
    public Digest SealingKeyHash => SealingKey.IsEmpty ? default : Digest.Of(SealingKey.Span);

    /// <summary>
    /// The votes that count in a version of the registry: of members that have been members without a break since they voted, and cast after the party it is about
    /// got its present place.
    /// </summary>
    public (int Yes, int No) Tally(RegistryState state)
    {
        ulong unchanged = state.Find(Account)?.Since ?? 0;
        VoteRecord[] counted = [.. Votes.Where(vote =>
            vote.Version >= unchanged && state.Find(vote.Voter) is { IsActiveMember: true } voter && voter.Since <= vote.Version)];
        return (counted.Count(vote => vote.Support), counted.Count(vote => !vote.Support));
    }

    /// <summary>
    /// Whether its execution rests on signatures: without the yes votes that are not signed, it would have been carried too. They still count as cast, so that
    /// nobody undoes a decision by a vote with a false signature.
    /// </summary>
    /// <param name="history">The registry.</param>
    /// <param name="withSignature">The votes with a valid ML-DSA signature.</param>
    public bool IsDecidedBy(RegistryHistory history, IReadOnlyCollection<VoteRecord> withSignature)
    {
        if (Execution is not { } carried || history.At(carried.Version - 1) is not { } before)
            return false;
        ImmutableArray<VoteRecord> votes = [.. Votes.Select(vote => vote.Support && !withSignature.Contains(vote) ? vote with { Support = false } : vote)];
        (int yes, int no) = (this with { Votes = votes }).Tally(before);
        return history.Rules.AreMet(yes, no, before.ActiveMembers.Count());
    }

    /// <summary>The words that its signature is over.</summary>
    public RegistryProposal Words(FederationId federation, LedgerDeployment deployment) =>
        new(federation, deployment.ChainId, deployment.Registry, Number, Change, Account, Role, SigningKeyHash, SealingKeyHash);

    /// <summary>The words that the signature of a vote on it is over.</summary>
    public RegistryVote Ballot(FederationId federation, LedgerDeployment deployment, bool support) =>
        new(federation, deployment.ChainId, deployment.Registry, Number, RecordBytes.DigestOf(Words(federation, deployment)), support);
}
