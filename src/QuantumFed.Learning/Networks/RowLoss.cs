namespace QuantumFed.Learning;

/// <summary>A row's log loss and its derivative by the logits.</summary>
internal static class RowLoss
{
    /// <summary>The loss of a row whose logits these are, -log P(label).</summary>
    /// <param name="logits">One logit for logistic regression, else one per class.</param>
    /// <param name="label">The row's class.</param>
    /// <param name="weight">The row's share of the batch.</param>
    /// <param name="deltas">Filled with weight times the derivative of the loss by each logit.</param>
    public static double Evaluate(ReadOnlySpan<float> logits, int label, float weight, Span<float> deltas)
        => logits.Length == 1 ? Logistic(logits[0], label, weight, out deltas[0]) : Softmax(logits, label, weight, deltas);

    private static double Logistic(float logOdds, int label, float weight, out float delta)
    {
        float wrong = label == 1 ? -logOdds : logOdds, e = MathF.Exp(-MathF.Abs(wrong));
        float probabilityOfTheOther = wrong >= 0 ? 1 / (1 + e) : e / (1 + e);
        delta = label == 1 ? -weight * probabilityOfTheOther : weight * probabilityOfTheOther;
        return Math.Max(wrong, 0) + double.LogP1(e);
    }

    private static double Softmax(ReadOnlySpan<float> logits, int label, float weight, Span<float> deltas)
    {
        float largest = logits[0], sum = 0;
        for (int c = 1; c < logits.Length; c++) largest = MathF.Max(largest, logits[c]);
        for (int c = 0; c < logits.Length; c++) sum += deltas[c] = MathF.Exp(logits[c] - largest);
        float scale = weight / sum;
        for (int c = 0; c < logits.Length; c++) deltas[c] *= scale;
        deltas[label] -= weight;
        return largest - logits[label] + Math.Log(sum);
    }
}
