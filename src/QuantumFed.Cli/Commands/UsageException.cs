namespace QuantumFed.Cli;

/// <summary>Options that do not fit each other or the world.</summary>
public sealed class UsageException(string message) : Exception(message);
