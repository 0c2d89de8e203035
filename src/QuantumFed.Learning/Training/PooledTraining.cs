using QuantumFed.Randomness;

namespace QuantumFed.Learning;

/// <summary>
/// Gradient training on rows at hand, without a federation: the pooled model that a federation is compared with, or a hospital's model of its
/// own.
/// </summary>
public static class PooledTraining
{
    /// <summary>Trains as long as a federation of so many rounds: rounds x epochs passes, the optimiser begun anew each round.</summary>
    /// <param name="start">The model that training starts from.</param>
    /// <param name="standardised">The training rows, standardised; at least 1.</param>
    /// <param name="settings">How a member would train in each round.</param>
    /// <param name="rounds">The rounds, at least 1.</param>
    /// <param name="shuffling">Orders the rows.</param>
    /// <param name="cancellation">Asked before every batch.</param>
    /// <returns>The model, in the format of the first, which remembers nothing of an optimiser.</returns>
    /// <exception cref="ArgumentException">As <see cref="LocalTrainer.Train"/>.</exception>
    /// <exception cref="TrainingDivergedException">Training left the range of the model's numbers.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static ModelState Fit(
        ModelState start, Dataset standardised, LocalTraining settings, int rounds, RandomStream shuffling, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        ModelState model = start;
        for (int round = 0; round < rounds; round++)
        {
            double[] parameters = LocalTrainer.Train(model, standardised, settings, [], shuffling, cancellation).Delta;
            for (int i = 0; i < parameters.Length; i++) parameters[i] += model.Parameters[i];
            model = ModelState.TryCreate(start.Shape, start.Format, start.Standardisation, parameters, [], out ModelState? next)
                ? next
                : throw new TrainingDivergedException("Training diverged: the parameters are no longer finite. A smaller learning rate helps.");
        }

        return model;
    }
}
