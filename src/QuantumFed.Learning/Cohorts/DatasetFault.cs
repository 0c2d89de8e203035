namespace QuantumFed.Learning;

/// <summary>The first thing wrong with a data file.</summary>
/// <param name="Line">The line it stands on, counted from 1.</param>
/// <param name="Reason">What is wrong, in one sentence; it may quote a column's name, never a patient's value.</param>
public readonly record struct DatasetFault(int Line, string Reason);
