namespace QuantumFed.Cli;

/// <summary>A command that relies on an audit found that it does not hold.</summary>
public sealed class AuditFailedException(string message) : Exception(message);
