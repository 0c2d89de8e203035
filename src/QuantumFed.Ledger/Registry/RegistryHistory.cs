using System.Collections.Immutable;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>The registry from its founding on: every version, every proposal. The same from a live node and from archived blocks. Immutable.</summary>
/// <param name="FederationId">The federation.</param>
/// <param name="AgreementHash">SHA-256 of the founding agreement.</param>
/// <param name="Rules">When a proposal is carried.</param>
/// <param name="Versions">The versions, from the founding set: the index is the version.</param>
/// <param name="Proposals">The proposals: the index is the number.</param>
public sealed record RegistryHistory(
    FederationId FederationId, Digest AgreementHash, VotingRules Rules, ImmutableArray<RegistryState> Versions, ImmutableArray<ProposalRecord> Proposals)
{
    /// <summary>The newest version.</summary>
    public RegistryState Current => Versions[^1];

    /// <summary>A version; null if the registry has not come to it.</summary>
    public RegistryState? At(ulong version) => version < (ulong)Versions.Length ? Versions[(int)version] : null;

    /// <summary>A proposal; null if none has that number yet.</summary>
    public ProposalRecord? Find(ulong number) => number < (ulong)Proposals.Length ? Proposals[(int)number] : null;
}
