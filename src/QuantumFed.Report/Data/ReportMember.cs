namespace QuantumFed.Report;

/// <summary>A hospital; a figure is null where it was not or cannot be measured.</summary>
public sealed record ReportMember
{
    /// <summary>Its name in the agreement.</summary>
    public required string Name { get; init; }

    /// <summary>Rows it trained on.</summary>
    public int? TrainRows { get; init; }

    /// <summary>Rows kept for testing.</summary>
    public int? TestRows { get; init; }

    /// <summary>Accuracy on its test rows, of a model trained on its rows alone.</summary>
    public double? LocalAccuracy { get; init; }

    /// <summary>Area under the ROC curve of the same model; null where its test rows have one class.</summary>
    public double? LocalAuc { get; init; }

    /// <summary>Accuracy on its test rows, of the last federated model.</summary>
    public double? FederatedAccuracy { get; init; }

    /// <summary>Area under the ROC curve of the last federated model; null where its test rows have one class.</summary>
    public double? FederatedAuc { get; init; }
}
