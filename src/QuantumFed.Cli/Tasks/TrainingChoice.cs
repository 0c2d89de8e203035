using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>How a command is to train; what is null has a default of its method and model.</summary>
internal sealed record TrainingChoice
{
    /// <summary>The method; null: newton for logistic regression, fedavg for other models.</summary>
    public required TrainingMethod? Method { get; init; }

    /// <summary>The model; null: logistic, or softmax where there are more than two classes.</summary>
    public required AgreedModelKind? Model { get; init; }

    /// <summary>Hidden layers of a multilayer perceptron.</summary>
    public required IReadOnlyList<int>? Hidden { get; init; }

    /// <summary>How features are scaled.</summary>
    public required Standardise Standardise { get; init; }

    /// <summary>Training rounds.</summary>
    public required int Rounds { get; init; }

    /// <summary>Passes over a member's rows in a round.</summary>
    public required int? Epochs { get; init; }

    /// <summary>Rows of a mini-batch.</summary>
    public required int? BatchSize { get; init; }

    /// <summary>The members' optimiser.</summary>
    public required AgreedOptimizer? Optimizer { get; init; }

    /// <summary>The members' step size.</summary>
    public required double? LearningRate { get; init; }

    /// <summary>The penalty on squared weights.</summary>
    public required double? WeightDecay { get; init; }

    /// <summary>FedProx's mu.</summary>
    public required double? Proximal { get; init; }

    /// <summary>The coordinator's step size.</summary>
    public required double? ServerLearningRate { get; init; }

    /// <summary>The L2 norm that updates are clipped to.</summary>
    public required double? ClipNorm { get; init; }
}
