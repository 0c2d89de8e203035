using QuantumFed.Learning;

namespace QuantumFed.Tables;

/// <summary>A table turned into hospitals' cohorts, and how that was done.</summary>
/// <param name="Title">One line for an operator: the file and what is predicted.</param>
/// <param name="Cohorts">The hospitals, by name in ordinal order.</param>
/// <param name="Recipe">The preparation, fitted on training rows, to apply to other files.</param>
/// <param name="ClassNames">The classes' names; the place of a name is its label.</param>
/// <param name="Magnitudes">Per feature 0 where all its training values are 0 or 1; else the smallest e of -60 to 60 with |x| &lt;= 8 * 2^e for every
/// training value x.</param>
/// <param name="Columns">What became of each source column, in the file's order.</param>
/// <param name="Notes">Rows that were left out, by line, and other remarks; bounded in number.</param>
public sealed record PreparedTable(
    string Title, IReadOnlyList<HospitalCohort> Cohorts, TableRecipe Recipe, IReadOnlyList<string> ClassNames, IReadOnlyList<int> Magnitudes,
    IReadOnlyList<ColumnSummary> Columns, IReadOnlyList<string> Notes);
