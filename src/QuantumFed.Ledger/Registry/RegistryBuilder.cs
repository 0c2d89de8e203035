using System.Collections.Immutable;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// Rebuilds the registry from its events, in the chain's order, by the contract's own rules, the count of votes included: an order of events that the
/// contract cannot have produced is refused. Whoever supplied the events is not trusted. Times are the caller's to check: events have none.
/// </summary>
internal sealed class RegistryBuilder
{
    // The contract's SEALING_KEY_LENGTH.
    private const int SealingKeySizeInBytes = 1184;

    private readonly List<RegistryState> _versions = [RegistryState.Empty];
    private readonly List<ProposalRecord> _proposals = [];
    private readonly HashSet<Digest> _usedKeys = [];
    private AbiValues? _founding;
    private VotingRules? _rules;
    private (AbiValues Event, Digest Transaction)? _change;
    private bool _awaitsKeys;

    /// <summary>The newest version.</summary>
    public RegistryState Current => _versions[^1];

    /// <summary>The rules; null before the founding.</summary>
    public VotingRules? Rules => _rules;

    /// <summary>A proposal; null if there is none of that number yet.</summary>
    public ProposalRecord? Proposal(ulong number) => number < (ulong)_proposals.Count ? _proposals[(int)number] : null;

    /// <summary>Takes the next event; <see langword="false"/> if the contract would not have emitted it now.</summary>
    public bool TryApply(AbiValues @event, Digest transactionHash, ulong blockNumber)
    {
        Digest signature = @event.TryGet("signatureHash", out object? hash) ? (Digest)hash! : default;
        LedgerStep step = new(transactionHash, blockNumber, signature);
        if (_change is { } change && (@event.Name != "ProposalExecuted" || change.Transaction != transactionHash))
            return false;
        if (_awaitsKeys != (@event.Name == "KeysProposed"))
            return false;
        return @event.Name switch
        {
            "ConsortiumFounded" => TryFound(@event),
            "PartyAdmitted" when @event.Number("version") == 0 => TryFoundParty(@event),
            _ when _founding is null || !IsFounded => false,
            "ProposalMade" => TryPropose(@event, step),
            "KeysProposed" => TryTakeKeys(@event, step),
            "VoteCast" => TryVote(@event, step),
            "PartyAdmitted" or "PartySuspended" or "PartyReinstated" or "RoleChanged" or "KeysChanged" => TryAwaitExecution(@event, transactionHash),
            "ProposalExecuted" => TryExecute(@event, step),
            _ => false,
        };
    }

    /// <summary>The history so far; null before the founding is complete, or in the middle of a transaction.</summary>
    public RegistryHistory? Build() => _founding is null || _rules is null || !IsFounded || _change is not null || _awaitsKeys ? null : new RegistryHistory(
        new FederationId(_founding.Hash("federationId")), _founding.Hash("agreementHash"), _rules, [.. _versions], [.. _proposals]);

    private bool IsFounded => new System.Numerics.BigInteger(_versions[0].Parties.Count).Equals(_founding!.Get<System.Numerics.BigInteger>("parties"));

    private bool TryFound(AbiValues @event)
    {
        object[] rules = @event.List("rules");
        _rules = new VotingRules((int)(ulong)rules[0], (int)(ulong)rules[1], TimeSpan.FromSeconds((long)(ulong)rules[2]));
        if (_founding is not null || !_rules.AreInRange)
            return false;
        _founding = @event;
        return true;
    }

    private bool TryFoundParty(AbiValues @event)
    {
        RegistryParty party = new(
            @event.Address("account"), (PartyRole)@event.Number("role"), PartyStatus.Active, 0, @event.Hash("signingKeyHash"), @event.Hash("sealingKeyHash"));
        if (_founding is null || _versions.Count > 1 || _proposals.Count > 0 || IsFounded || !Enum.IsDefined(party.Role)
            || party.SigningKeyHash.IsZero || !_usedKeys.Add(party.SigningKeyHash) || !_versions[0].TryFound(party, out RegistryState? founded))
            return false;
        _versions[0] = founded;
        return true;
    }

    private bool TryPropose(AbiValues @event, LedgerStep step)
    {
        var change = (RegistryChange)@event.Number("change");
        ulong role = @event.Number("role");
        ProposalRecord proposal = new()
        {
            Number = @event.Number("proposalId"),
            Proposer = @event.Address("proposer"),
            Change = change,
            Account = @event.Address("account"),
            Role = role == 0 ? null : (PartyRole)role,
            Version = Current.Version,
            Expires = @event.Number("expires"),
            Step = step,
        };
        bool ownKeys = change == RegistryChange.SetKeys && proposal.Proposer == proposal.Account;
        if (proposal.Number != (ulong)_proposals.Count || !Enum.IsDefined(change) || (role != 0 && !Enum.IsDefined((PartyRole)role))
            || Current.Find(proposal.Proposer) is not { IsActive: true } proposer || (proposer.Role != PartyRole.Member && !ownKeys)
            || (role != 0 && change is not (RegistryChange.Admit or RegistryChange.SetRole)))
            return false;
        // A change makes sense when it is proposed, and again when it is applied; with new keys, once they are told.
        _awaitsKeys = change is RegistryChange.Admit or RegistryChange.SetKeys;
        if (!_awaitsKeys && !Current.TryApply(proposal, out _))
            return false;
        _proposals.Add(proposal);
        return true;
    }

    // The event right after the proposal's own, in the same transaction.
    private bool TryTakeKeys(AbiValues @event, LedgerStep step)
    {
        byte[] signing = @event.Get<byte[]>("signingKey"), sealing = @event.Get<byte[]>("sealingKey");
        ProposalRecord proposal = _proposals[^1] with { SigningKey = signing, SealingKey = sealing };
        if (@event.Number("proposalId") != proposal.Number || proposal.Step.TransactionHash != step.TransactionHash || signing.Length != VerificationKey.SizeInBytes
            || sealing.Length is not (0 or SealingKeySizeInBytes) || !KeyIsFree(proposal) || !Current.TryApply(proposal, out _))
            return false;
        (_proposals[^1], _awaitsKeys) = (proposal, false);
        return true;
    }

    private bool TryVote(AbiValues @event, LedgerStep step)
    {
        VoteRecord vote = new(@event.Address("voter"), @event.Get<bool>("support"), Current.Version, step);
        if (Proposal(@event.Number("proposalId")) is not { Execution: null } proposal || Current.Find(vote.Voter) is not { IsActiveMember: true }
            || proposal.Votes.Any(other => other.Voter == vote.Voter))
            return false;
        _proposals[(int)proposal.Number] = proposal with { Votes = proposal.Votes.Add(vote) };
        return true;
    }

    private bool TryAwaitExecution(AbiValues @event, Digest transaction)
    {
        _change = (@event, transaction);
        return true;
    }

    private bool TryExecute(AbiValues @event, LedgerStep step)
    {
        if (_change is not { } change || Proposal(@event.Number("proposalId")) is not { Execution: null } proposal
            || Current.Find(@event.Address("by")) is not { IsActive: true })
            return false;
        int active = Current.ActiveMembers.Count();
        (int yes, int no) = proposal.Tally(Current);
        if (!_rules!.AreMet(yes, no, active) || (yes, no, active) != ((int)@event.Number("yes"), (int)@event.Number("no"), (int)@event.Number("activeMembers"))
            || !KeyIsFree(proposal) || !Current.TryApply(proposal, out RegistryState? next) || @event.Number("version") != next.Version
            || !Tells(change.Event, proposal, next))
            return false;
        _proposals[(int)proposal.Number] = proposal with { Execution = new ProposalExecution(@event.Address("by"), yes, no, active, next.Version, step) };
        if (!proposal.SigningKey.IsEmpty)
            _usedKeys.Add(proposal.SigningKeyHash);
        _versions.Add(next);
        _change = null;
        return true;
    }

    // A signing key is never used again, but a party may keep its own and change the sealing key only.
    private bool KeyIsFree(ProposalRecord proposal) =>
        proposal.SigningKey.IsEmpty || !_usedKeys.Contains(proposal.SigningKeyHash)
        || (proposal.Change == RegistryChange.SetKeys && Current.Find(proposal.Account) is { } party
            && party.SigningKeyHash == proposal.SigningKeyHash && party.SealingKeyHash != proposal.SealingKeyHash);

    private static bool Tells(AbiValues change, ProposalRecord proposal, RegistryState next)
    {
        RegistryParty party = next.Find(proposal.Account)!;
        string name = proposal.Change switch
        {
            RegistryChange.Admit => "PartyAdmitted",
            RegistryChange.Suspend => "PartySuspended",
            RegistryChange.Reinstate => "PartyReinstated",
            RegistryChange.SetRole => "RoleChanged",
            _ => "KeysChanged",
        };
        return change.Name == name && change.Address("account") == party.Account && change.Number("version") == next.Version
            && (!change.TryGet("role", out object? role) || (ulong)role! == (ulong)party.Role)
            && (!change.TryGet("signingKeyHash", out object? signing) || party.SigningKeyHash.Equals(signing))
            && (!change.TryGet("sealingKeyHash", out object? sealing) || party.SealingKeyHash.Equals(sealing));
    }
}
