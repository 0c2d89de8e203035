namespace QuantumFed.Learning;

/// <summary>How well probabilities fit the labels of test rows.</summary>
/// <param name="RowCount">The number of test rows.</param>
/// <param name="Accuracy">The share of rows whose most likely class is the label, in [0, 1]; of two classes, where (p &gt;= 1/2) is.</param>
/// <param name="Auc">The area under the ROC curve, in [0, 1]; for more than two classes the mean over those that occur of each against the
/// rest. <see langword="null"/> where the rows have one label only.</param>
public sealed record Evaluation(int RowCount, double Accuracy, double? Auc)
{
    /// <summary>Evaluates a model on standardised test rows.</summary>
    /// <exception cref="ArgumentException">There is no row, or the features do not match.</exception>
    public static Evaluation Of(LogisticModel model, Dataset standardisedTest)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(standardisedTest);
        double[] probabilities = model.Probabilities(standardisedTest);
        return new Evaluation(
            standardisedTest.RowCount, AccuracyOf(standardisedTest.Labels, probabilities), AreaUnderCurve(standardisedTest.Labels, probabilities));
    }

    /// <summary>Evaluates a model of any kind but the opaque on standardised test rows.</summary>
    /// <remarks>With more than two classes, the AUC is the unweighted mean, over the classes that occur, of the AUC of one class against the
    /// rest (Provost and Domingos, "Well-trained PETs", 2000, without their weights by prevalence).</remarks>
    /// <exception cref="ArgumentException">The model is opaque, there is no row, the features do not match, or a label is no class of the
    /// model.</exception>
    public static Evaluation Of(ModelState model, Dataset standardisedTest)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(standardisedTest);
        if (standardisedTest.RowCount == 0) throw new ArgumentException("There is no row to evaluate.", nameof(standardisedTest));
        if (standardisedTest.LargestLabel >= model.Shape.ClassCount)
            throw new ArgumentException(
                $"The label {standardisedTest.LargestLabel} occurs; the model has {model.Shape.ClassCount} classes, from 0.", nameof(standardisedTest));
        return Of(ModelPredictor.Predict(model, standardisedTest), standardisedTest.Labels);
    }

    /// <summary>Evaluates predictions; the AUC is as above.</summary>
    /// <exception cref="ArgumentException">There is no row, there is not one label per row, or a label is no class.</exception>
    public static Evaluation Of(Predictions predictions, ReadOnlySpan<byte> labels)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if (labels.IsEmpty || labels.Length != predictions.RowCount)
            throw new ArgumentException("There is one label per row, and at least one row.", nameof(labels));
        int right = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= predictions.ClassCount) throw new ArgumentException("A label is no class of the predictions.", nameof(labels));
            if (predictions.MostLikely(i) == labels[i]) right++;
        }

        double? auc = predictions.ClassCount == 2 ? AreaUnderCurve(labels, predictions.OfClass(1)) : MeanAreaUnderCurve(labels, predictions);
        return new Evaluation(labels.Length, (double)right / labels.Length, auc);
    }

    /// <summary>The share of rows where (p &gt;= 1/2) is the label.</summary>
    /// <exception cref="ArgumentException">There is no row, or the lengths differ.</exception>
    public static double AccuracyOf(ReadOnlySpan<byte> labels, ReadOnlySpan<double> probabilities)
    {
        if (labels.Length != probabilities.Length) throw new ArgumentException("There is one probability per label.", nameof(probabilities));
        if (labels.IsEmpty) throw new ArgumentException("There is no row to evaluate.", nameof(labels));
        int right = 0;
        for (int i = 0; i < labels.Length; i++)
            if (probabilities[i] >= 0.5 == (labels[i] == 1)) right++;
        return (double)right / labels.Length;
    }

    /// <summary>
    /// The probability that a row labelled 1 scores above a row labelled 0, ties counting half: the Mann-Whitney rank statistic (Hanley
    /// and McNeil, Radiology 143, 1982), with mean ranks for ties.
    /// </summary>
    /// <returns><see langword="null"/> where one of the labels does not occur.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    public static double? AreaUnderCurve(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores)
    {
        if (labels.Length != scores.Length) throw new ArgumentException("There is one score per label.", nameof(scores));
        double[] sorted = scores.ToArray();
        byte[] sortedLabels = labels.ToArray();
        if (Array.Exists(sorted, double.IsNaN)) throw new ArgumentException("A score is NaN.", nameof(scores));
        Array.Sort(sorted, sortedLabels);

        // In half pairs, so that every count is an integer and only the last division rounds.
        long halfPairs = 0, negatives = 0, positives = 0;
        for (int start = 0; start < sorted.Length;)
        {
            int end = start;
            long tiedPositives = 0, tiedNegatives = 0;
            for (; end < sorted.Length && sorted[end] == sorted[start]; end++)
                if (sortedLabels[end] == 1) tiedPositives++;
                else tiedNegatives++;
            halfPairs += tiedPositives * (2 * negatives + tiedNegatives);
            positives += tiedPositives;
            negatives += tiedNegatives;
            start = end;
        }

        return positives == 0 || negatives == 0 ? null : (double)halfPairs / (2.0 * positives * negatives);
    }

    private static double? MeanAreaUnderCurve(ReadOnlySpan<byte> labels, Predictions predictions)
    {
        double sum = 0;
        int occurring = 0;
        byte[] isClass = new byte[labels.Length];
        for (int c = 0; c < predictions.ClassCount; c++)
        {
            for (int i = 0; i < isClass.Length; i++) isClass[i] = labels[i] == c ? (byte)1 : (byte)0;
            if (AreaUnderCurve(isClass, predictions.OfClass(c)) is not { } area) continue;
            sum += area;
            occurring++;
        }

        return occurring == 0 ? null : sum / occurring;
    }
}
