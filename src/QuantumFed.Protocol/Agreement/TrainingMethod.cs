namespace QuantumFed.Protocol;

/// <summary>How the members train together.</summary>
public enum TrainingMethod
{
    /// <summary>Logistic regression by Newton-Raphson on encrypted gradient and Hessian sums.</summary>
    Newton,
}
