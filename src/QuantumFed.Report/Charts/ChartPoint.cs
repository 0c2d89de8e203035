namespace QuantumFed.Report;

/// <summary>A point of a line.</summary>
/// <param name="X">A round's number, or a time in the axis' unit.</param>
/// <param name="Accuracy">From 0 to 1.</param>
/// <param name="Label">What a pointer resting on it reads.</param>
internal sealed record ChartPoint(double X, double Accuracy, string Label);
