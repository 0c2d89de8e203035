using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>What trains in the place of this program's own trainer.</summary>
internal interface IUpdateTrainer
{
    /// <summary>Trains on the member's rows from the model's parameters.</summary>
    /// <exception cref="ContributionException">It did not; the message says why.</exception>
    Task<LocalUpdate> TrainAsync(RoundId round, ModelState model, CancellationToken cancellation);
}
