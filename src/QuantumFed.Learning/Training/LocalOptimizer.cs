namespace QuantumFed.Learning;

/// <summary>How a member turns gradients of its own rows into steps.</summary>
public enum LocalOptimizer
{
    /// <summary>Mini-batch stochastic gradient descent.</summary>
    Sgd,

    /// <summary>Adam (Kingma and Ba, ICLR 2015, algorithm 1), begun anew each round.</summary>
    Adam,
}
