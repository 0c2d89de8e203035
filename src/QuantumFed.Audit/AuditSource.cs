using QuantumFed.Ledger;

namespace QuantumFed.Audit;

/// <summary>What an auditor holds: public files only.</summary>
/// <param name="Agreement">Path of the agreement.</param>
/// <param name="Consents">Folder of the parties' signed consents.</param>
/// <param name="Archive">Folder of the archive.</param>
/// <param name="Genesis">The genesis file of a QBFT network, which names the validators that the chain's seals are held against; without it seals are not checked.</param>
public sealed record AuditSource(string Agreement, string Consents, string Archive, QbftGenesis? Genesis = null);
