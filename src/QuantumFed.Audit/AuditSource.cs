namespace QuantumFed.Audit;

/// <summary>What an auditor holds: public files only.</summary>
/// <param name="Agreement">Path of the agreement.</param>
/// <param name="Consents">Folder of the parties' signed consents.</param>
/// <param name="Archive">Folder of the archive.</param>
public sealed record AuditSource(string Agreement, string Consents, string Archive);
