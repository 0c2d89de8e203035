namespace QuantumFed.Node;

/// <summary>A coordinator's notice does not fit the ledger, or what this member replayed itself.</summary>
internal sealed class NoticeRefusedException(string reason) : Exception(reason);
