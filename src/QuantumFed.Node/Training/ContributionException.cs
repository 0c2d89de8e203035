namespace QuantumFed.Node;

/// <summary>This member has nothing to contribute to a round, for a reason on its own side; the others can go on without it.</summary>
internal sealed class ContributionException(string message, Exception? innerException = null) : Exception(message, innerException);
