namespace QuantumFed.Learning;

/// <summary>How a member trains on its own rows between two rounds.</summary>
/// <param name="Epochs">Passes over its rows, 1 to 1000.</param>
/// <param name="BatchSize">Rows of a mini-batch, 1 to 65,536; the last of an epoch may be smaller.</param>
/// <param name="LearningRate">The step size, above 0.</param>
/// <param name="Optimizer">How gradients become steps.</param>
/// <param name="WeightDecay">Lambda of lambda/2 |w|^2, added to the mean loss of a row; not on intercepts and biases. At least 0.</param>
/// <param name="Proximal">Mu of FedProx's mu/2 |w - w_round|^2 (Li et al., MLSys 2020, equation 2), on all parameters. At least 0.</param>
public sealed record LocalTraining(
    int Epochs, int BatchSize, double LearningRate, LocalOptimizer Optimizer, double WeightDecay, double Proximal);
