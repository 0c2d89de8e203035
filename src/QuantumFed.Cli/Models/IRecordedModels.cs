using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>Which models a workspace's records name.</summary>
internal interface IRecordedModels
{
    /// <summary>The digest of the model after a round, or after the last one that gave a model.</summary>
    /// <returns><see langword="null"/> if there is no such round, or it gave no model.</returns>
    (RoundId Round, Digest Model)? Find(RoundId? round);
}
