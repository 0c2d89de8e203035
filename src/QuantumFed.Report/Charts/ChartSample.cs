namespace QuantumFed.Report;

/// <summary>The kinds of marks in a key.</summary>
internal enum ChartSample
{
    Line,
    LineWithMark,
    Ring,
    Diamond,
    Bar,
}
