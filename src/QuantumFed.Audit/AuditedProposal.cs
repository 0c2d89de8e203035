using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Audit;

/// <summary>What the members voted on, and what came of it.</summary>
/// <param name="Number">The proposal's number.</param>
/// <param name="Change">What was to change.</param>
/// <param name="Party">Whom it concerned: its name, or its account where the agreement has no name for it.</param>
/// <param name="Role">The new role, where it was about one.</param>
/// <param name="Execution">How it was carried; null if it was not.</param>
/// <param name="WithoutSignature">
/// Who proposed or voted without a valid ML-DSA signature, which the contract cannot tell: it counts for nothing here, and is its own fault.
/// </param>
/// <param name="Accepted">Whether it was carried by accounts alone, and is let pass because whoever ran the audit accepted it.</param>
/// <param name="Transaction">The proposal's transaction.</param>
public sealed record AuditedProposal(
    ulong Number, RegistryChange Change, string Party, PartyRole? Role, ProposalExecution? Execution, IReadOnlyList<string> WithoutSignature, bool Accepted,
    Digest Transaction);
