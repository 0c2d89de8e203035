namespace QuantumFed.Models;

/// <summary>Takes what a model says of one row of a file.</summary>
/// <param name="line">The line on which the row begins, counted from 1.</param>
/// <param name="predicted">The class that is most likely.</param>
/// <param name="probabilities">The probability of each class; valid during the call.</param>
public delegate void RowPrediction(int line, int predicted, ReadOnlySpan<double> probabilities);
