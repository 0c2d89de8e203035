namespace QuantumFed.Protocol;

/// <summary>What the members train, as they agreed.</summary>
public sealed record LearningTask
{
    /// <summary>The data's name, for people; data made by a generator says "synthetic" here.</summary>
    public required string Dataset { get; init; }

    /// <summary>How they train.</summary>
    public required TrainingMethod Method { get; init; }

    /// <summary>What they train.</summary>
    public required AgreedModel Model { get; init; }

    /// <summary>The feature columns, in order.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>For each feature the power of two, 2^e, that its values are divided by before joint moments are summed: they are expected within
    /// 8 times 2^e of zero. -60 to 60.</summary>
    public required IReadOnlyList<int> Magnitudes { get; init; }

    /// <summary>How features are scaled.</summary>
    public required Standardise Standardise { get; init; }

    /// <summary>Newton's ridge penalty on the joint log-likelihood, at least 0; never on the intercept.</summary>
    public required double L2 { get; init; }

    /// <summary>Training rounds, at least 1; a standardisation round comes before them.</summary>
    public required int Rounds { get; init; }

    /// <summary>The terms of averaging; null for Newton's method.</summary>
    public required AveragingTerms? Averaging { get; init; }
}
