using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>One version of the registry: who belongs to the consortium, in which role, with which keys. Immutable.</summary>
public sealed class RegistryState
{
    // The contract's MAX_PARTIES.
    private const int MaxParties = 1024;

    private RegistryState(ulong version, ImmutableSortedDictionary<EthereumAddress, RegistryParty> parties) => (Version, Parties) = (version, parties);

    /// <summary>No parties yet.</summary>
    internal static RegistryState Empty { get; } = new(0, ImmutableSortedDictionary<EthereumAddress, RegistryParty>.Empty);

    /// <summary>How many changes were applied since the founding.</summary>
    public ulong Version { get; }

    /// <summary>All parties by account, suspended ones too.</summary>
    public ImmutableSortedDictionary<EthereumAddress, RegistryParty> Parties { get; }

    /// <summary>The members that may act now.</summary>
    public IEnumerable<RegistryParty> ActiveMembers => Parties.Values.Where(party => party.IsActiveMember);

    /// <summary>The active coordinator; null if there is none now.</summary>
    public RegistryParty? Coordinator => Parties.Values.FirstOrDefault(party => party is { IsActive: true, Role: PartyRole.Coordinator });

    /// <summary>The party with an account, or null.</summary>
    public RegistryParty? Find(EthereumAddress account) => Parties.GetValueOrDefault(account);

    /// <summary>Adds a founder; <see langword="false"/> if the contract's constructor would refuse it.</summary>
    internal bool TryFound(RegistryParty party, [NotNullWhen(true)] out RegistryState? next)
    {
        next = Admits(party.Account, party.Role) ? new RegistryState(0, Parties.Add(party.Account, party)) : null;
        return next is not null;
    }

    /// <summary>The next version, after a proposal; <see langword="false"/> if the contract would refuse to apply it now.</summary>
    internal bool TryApply(ProposalRecord proposal, [NotNullWhen(true)] out RegistryState? next)
    {
        RegistryParty? party = Find(proposal.Account);
        ulong version = Version + 1;
        RegistryParty? changed = proposal.Change switch
        {
            RegistryChange.Admit when proposal.Role is { } role && Admits(proposal.Account, role) =>
                WithKeys(new RegistryParty(proposal.Account, role, PartyStatus.Active, version, default, default), proposal),
            RegistryChange.Suspend when party is { IsActive: true } && !IsLastMember(party) => party with { Status = PartyStatus.Suspended },
            RegistryChange.Reinstate when party is { IsActive: false } && HasRoomFor(party.Role) => party with { Status = PartyStatus.Active, Since = version },
            RegistryChange.SetRole when party is { IsActive: true } && proposal.Role is { } role && role != party.Role && !IsLastMember(party) && HasRoomFor(role) =>
                party with { Role = role, Since = version },
            RegistryChange.SetKeys when party is not null => WithKeys(party, proposal),
            _ => null,
        };
        next = changed is null ? null : new RegistryState(version, Parties.SetItem(proposal.Account, changed));
        return next is not null;
    }

    private static RegistryParty? WithKeys(RegistryParty party, ProposalRecord proposal) => proposal.SigningKey.IsEmpty ? null : party with
    {
        SigningKeyHash = Digest.Of(proposal.SigningKey.Span),
        SealingKeyHash = proposal.SealingKeyHash,
        SigningKey = proposal.SigningKey,
        SealingKey = proposal.SealingKey,
    };

    private bool Admits(EthereumAddress account, PartyRole role) => !account.IsZero && Find(account) is null && Parties.Count < MaxParties && HasRoomFor(role);

    private bool HasRoomFor(PartyRole role) => role != PartyRole.Coordinator || Coordinator is null;

    private bool IsLastMember(RegistryParty party) => party.Role == PartyRole.Member && ActiveMembers.Count() == 1;
}
