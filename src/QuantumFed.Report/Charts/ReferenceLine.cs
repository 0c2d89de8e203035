namespace QuantumFed.Report;

/// <summary>An accuracy that a line is compared with.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Accuracy">From 0 to 1.</param>
/// <param name="Style">The class in the style sheet: colour and dashes.</param>
internal sealed record ReferenceLine(string Name, double Accuracy, string Style);
