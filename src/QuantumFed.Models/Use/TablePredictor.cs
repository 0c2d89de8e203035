using QuantumFed.Learning;
using QuantumFed.Tables;

namespace QuantumFed.Models;

/// <summary>Uses a model on the rows of a CSV file: recipe, standardisation, model, the same bits as in the federation that trained it.</summary>
public sealed class TablePredictor
{
    /// <summary>The most rows of a file.</summary>
    public const int MaxRows = 5_000_000;

    private const int RowsPerBlock = 1024;
    private const int MostNamed = 12;

    private readonly ModelFile _file;
    private readonly Standardisation _standardisation;

    private TablePredictor(ModelFile file, Standardisation standardisation)
    {
        _file = file;
        _standardisation = standardisation;
    }

    /// <summary>Makes ready to predict.</summary>
    /// <returns><see langword="null"/> for an opaque model, which its members' own trainers understand and nobody else.</returns>
    public static TablePredictor? For(ModelFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.State.Shape.Kind == ModelKind.Opaque || file.Standardisation is null ? null : new TablePredictor(file, file.Standardisation);
    }

    /// <summary>Predicts every row that can be used, in the file's order, holding a block of rows at a time.</summary>
    /// <param name="csvPath">The file.</param>
    /// <param name="take">Takes each prediction.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="TableException">The file is not a CSV text, lacks a column that the model needs, or is too large.</exception>
    /// <exception cref="DatasetUnavailableException">The file cannot be read.</exception>
    public PredictionSummary Predict(string csvPath, RowPrediction take, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(take);
        using FeatureRows rows = _file.Recipe is { } recipe
            ? FeatureRows.Open(csvPath, recipe)
            : FeatureRows.Open(csvPath, _file.Features, DatasetCsv.LabelColumn, _file.ClassNames);
        int d = _file.Features.Count, count = 0, farOut = 0, firstFarOut = 0;
        double[] values = new double[RowsPerBlock * d];
        int[] lines = new int[RowsPerBlock];
        byte?[] labels = new byte?[RowsPerBlock];
        Score score = new(_file.ClassNames.Count);
        for (bool more = true; more;)
        {
            cancellation.ThrowIfCancellationRequested();
            int held = 0;
            while (held < RowsPerBlock && (more = rows.Read(values.AsSpan(held * d, d))))
            {
                if (!CanStandardise(values.AsSpan(held * d, d)))
                {
                    if (farOut++ == 0) firstFarOut = rows.Line;
                    continue;
                }

                if (count + held == MaxRows)
                    throw new TableException(csvPath, rows.Line, FormattableString.Invariant($"the table has more than {MaxRows} rows; split it."));
                lines[held] = rows.Line;
                labels[held++] = rows.Label;
            }

            Predictions predictions = Predict(values.AsSpan(0, held * d), held);
            for (int i = 0; i < held; i++)
            {
                take(lines[i], predictions.MostLikely(i), predictions.Row(i));
                if (labels[i] is { } label) score.Add(label, predictions.Row(i));
            }

            count += held;
        }

        return new PredictionSummary(count, rows.LeftOut + farOut, score.Evaluate(), [.. NotesOf(rows, farOut, firstFarOut)]);
    }

    private Predictions Predict(ReadOnlySpan<double> values, int rows)
        => ModelPredictor.Predict(_file.State, _standardisation.Apply(Dataset.Create(_file.Features, values, new byte[rows])));

    private bool CanStandardise(ReadOnlySpan<double> row)
    {
        ReadOnlySpan<double> means = _standardisation.Means, scales = _standardisation.Scales;
        for (int j = 0; j < row.Length; j++)
            if (!double.IsFinite((row[j] - means[j]) / scales[j])) return false;
        return true;
    }

    private static IEnumerable<string> NotesOf(FeatureRows rows, int farOut, int firstFarOut)
    {
        foreach (string note in rows.Notes()) yield return note;
        if (farOut > 0)
            yield return FormattableString.Invariant($"{farOut} row(s) left out, whose numbers are too large to standardise, from line {firstFarOut} on.");
        if (rows.UnusedColumns.Count == 0) yield break;
        string more = rows.UnusedColumns.Count > MostNamed ? FormattableString.Invariant($" and {rows.UnusedColumns.Count - MostNamed} more") : "";
        yield return $"columns that the model does not know, and ignores: {string.Join(", ", rows.UnusedColumns.Take(MostNamed))}{more}.";
    }

    /// <summary>The labelled rows' probabilities, for the score at the end.</summary>
    private sealed class Score(int classes)
    {
        private readonly List<double> _probabilities = [];
        private readonly List<byte> _labels = [];

        public void Add(byte label, ReadOnlySpan<double> probabilities)
        {
            _labels.Add(label);
            _probabilities.AddRange(probabilities);
        }

        public Evaluation? Evaluate()
            => _labels.Count == 0 ? null : Evaluation.Of(Predictions.Create(classes, [.. _probabilities]), [.. _labels]);
    }
}
