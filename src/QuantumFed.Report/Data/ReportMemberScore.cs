namespace QuantumFed.Report;

/// <summary>How the model after a round does on one hospital's test rows.</summary>
/// <param name="Member">The hospital.</param>
/// <param name="Accuracy">From 0 to 1; null if not measured.</param>
/// <param name="Auc">From 0 to 1; null if not measured or if the rows have one class.</param>
public sealed record ReportMemberScore(string Member, double? Accuracy, double? Auc);
