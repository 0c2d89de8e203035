namespace QuantumFed.Learning;

/// <summary>What a model of any kind but the opaque says of rows.</summary>
/// <remarks>
/// Logistic regression is computed in double precision, as <see cref="LogisticModel.Probabilities"/>; the others' logits in float32, as they are
/// trained. A logit beyond the format's range counts as its end, one that is not a number as 0: so any model gives probabilities.
/// </remarks>
public static class ModelPredictor
{
    /// <summary>Predicts the class of every row.</summary>
    /// <param name="model">The model.</param>
    /// <param name="standardised">The rows, standardised.</param>
    /// <exception cref="ArgumentException">The model is opaque, or the data set has another number of features.</exception>
    public static Predictions Predict(ModelState model, Dataset standardised)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(standardised);
        Network network = Network.Of(model.Shape);
        if (standardised.FeatureCount != model.Shape.FeatureCount)
            throw new ArgumentException($"The data set has {standardised.FeatureCount} features, the model {model.Shape.FeatureCount}.", nameof(standardised));
        double[] probabilities = new double[standardised.RowCount * model.Shape.ClassCount];
        if (model.Shape.Kind == ModelKind.Logistic) PredictLogistic(model.ToLogistic(), standardised, probabilities);
        else PredictNetwork(network, network.Pack(model.Parameters), standardised, probabilities);
        return new Predictions(model.Shape.ClassCount, probabilities);
    }

    private static void PredictLogistic(LogisticModel model, Dataset rows, Span<double> probabilities)
    {
        for (int i = 0; i < rows.RowCount; i++)
        {
            double logOdds = model.LogOdds(rows.Row(i));
            if (double.IsNaN(logOdds)) logOdds = 0;
            probabilities[2 * i] = LogisticModel.Sigmoid(-logOdds);
            probabilities[2 * i + 1] = LogisticModel.Sigmoid(logOdds);
        }
    }

    private static void PredictNetwork(Network network, float[] parameters, Dataset rows, Span<double> probabilities)
    {
        NetworkPass pass = new(network, rows.RowCount, backward: false);
        for (int first = 0; first < rows.RowCount; first += pass.RowCapacity)
        {
            int count = Math.Min(pass.RowCapacity, rows.RowCount - first), classes = network.Shape.ClassCount;
            for (int i = 0; i < count; i++) pass.SetInput(i, rows.Row(first + i));
            pass.Forward(parameters, count);
            for (int i = 0; i < count; i++) Softmax(pass.Logits(i), probabilities.Slice((first + i) * classes, classes));
        }
    }

    private static void Softmax(ReadOnlySpan<float> logits, Span<double> probabilities)
    {
        double largest = double.NegativeInfinity, sum = 0;
        for (int c = 0; c < logits.Length; c++)
        {
            probabilities[c] = float.IsNaN(logits[c]) ? 0 : Math.Clamp(logits[c], float.MinValue, float.MaxValue);
            largest = Math.Max(largest, probabilities[c]);
        }

        for (int c = 0; c < logits.Length; c++) sum += probabilities[c] = Math.Exp(probabilities[c] - largest);
        for (int c = 0; c < logits.Length; c++) probabilities[c] /= sum;
    }
}
