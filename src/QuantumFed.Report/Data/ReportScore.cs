namespace QuantumFed.Report;

/// <summary>A model's score over all test rows; a figure is null where it was not or cannot be measured.</summary>
public sealed record ReportScore
{
    /// <summary>The fraction classified correctly, from 0 to 1.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The area under the ROC curve (for several classes the mean of one-against-rest), from 0 to 1.</summary>
    public double? Auc { get; init; }

    /// <summary>The mean loss of a row, in nats.</summary>
    public double? Loss { get; init; }
}
