namespace QuantumFed.Report;

/// <summary>What was trained.</summary>
public sealed record ReportModel
{
    /// <summary><c>logistic</c>, <c>softmax</c>, <c>mlp</c>, or <c>opaque</c> for a model that only its own trainer understands.</summary>
    public required string Kind { get; init; }

    /// <summary>Units of each hidden layer, from the input; empty for a model without one.</summary>
    public IReadOnlyList<int> HiddenLayers { get; init; } = [];

    /// <summary>Trained numbers, biases included; null where the trainer did not say.</summary>
    public long? Parameters { get; init; }

    /// <summary>Features after encoding; null where the trainer did not say.</summary>
    public int? Features { get; init; }
}
