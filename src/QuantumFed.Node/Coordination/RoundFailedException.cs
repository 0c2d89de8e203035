using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>A round ended in a way that the federation cannot go on from.</summary>
public sealed class RoundFailedException : Exception
{
    /// <summary>The round ended so.</summary>
    public RoundFailedException(RoundId round, string reason)
        : base($"Round {round}: {reason}") => (Round, Reason) = (round, reason);

    /// <summary>The round.</summary>
    public RoundId Round { get; }

    /// <summary>Why.</summary>
    public string Reason { get; }
}
