using QuantumFed.Learning;

namespace QuantumFed.Models;

/// <summary>What came of the prediction of a file.</summary>
/// <param name="RowCount">Rows that were predicted.</param>
/// <param name="LeftOut">Rows that could not be used.</param>
/// <param name="Score">How well the predictions fit the labels, over the rows that have a known one; <see langword="null"/> where none has.</param>
/// <param name="Notes">Rows that were left out, by line, columns that were not used and other remarks; bounded in number.</param>
public sealed record PredictionSummary(int RowCount, int LeftOut, Evaluation? Score, IReadOnlyList<string> Notes);
