namespace QuantumFed.Protocol;

/// <summary>How members turn gradients into steps.</summary>
public enum AgreedOptimizer
{
    /// <summary>Stochastic gradient descent.</summary>
    Sgd,

    /// <summary>Adam, begun anew each round.</summary>
    Adam,
}
