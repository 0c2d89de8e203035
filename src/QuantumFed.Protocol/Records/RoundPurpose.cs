namespace QuantumFed.Protocol;

/// <summary>What the joint sum of a round is for. It follows from the task and the model, so nobody chooses it.</summary>
public enum RoundPurpose : byte
{
    /// <summary>Counts, sums and squares of the features, for a joint standardisation.</summary>
    Moments = 1,

    /// <summary>Gradient and Hessian of the log-likelihood, for one Newton-Raphson step.</summary>
    NewtonStep = 2,

    /// <summary>Weighted updates of the parameters, for one step of federated averaging.</summary>
    WeightedAverage = 3,
}
