namespace QuantumFed.Protocol;

/// <summary>What the members train, as they agreed.</summary>
/// <param name="Dataset">The data's name, for people; data made by a generator says "synthetic" here.</param>
/// <param name="Method">How they train.</param>
/// <param name="Features">The feature columns, in order.</param>
/// <param name="Standardise">How features are scaled.</param>
/// <param name="L2">The ridge penalty on the joint log-likelihood, at least 0; never on the intercept.</param>
/// <param name="Rounds">Training rounds, at least 1; a standardisation round comes before them.</param>
public sealed record LearningTask(
    string Dataset, TrainingMethod Method, IReadOnlyList<string> Features, Standardise Standardise, double L2, int Rounds);
