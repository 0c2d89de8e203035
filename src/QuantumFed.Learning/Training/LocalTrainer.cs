using QuantumFed.Randomness;

namespace QuantumFed.Learning;

/// <summary>
/// A member's training between two rounds: some epochs of mini-batch gradient steps on its own rows, for every kind of model but the opaque.
/// </summary>
/// <remarks>
/// <para>The minimised loss is the mean log loss of a row, plus lambda/2 |w|^2 over the weights and mu/2 |x - x_round|^2 over all
/// parameters. Rows are put in a new random order each epoch; the gradient of a batch is its rows' mean.</para>
/// <para>Arithmetic is float32, on the calling thread. The same model, rows, settings and stream give the same bits on one machine; another
/// vector width gives other last bits. Nothing that is replayed depends on them.</para>
/// <para>Numbers are returned as they come. A learning rate that is too high, or features too far out for a float, ends in parameters that are
/// not finite: a caller checks <see cref="LocalUpdate.Delta"/> before it uses it.</para>
/// </remarks>
public static class LocalTrainer
{
    /// <summary>Trains a copy of a model.</summary>
    /// <param name="model">The round's model. Its numbers are rounded to float32 first, which changes nothing in a model of
    /// <see cref="NumberFormat.Binary32"/>.</param>
    /// <param name="standardised">The member's training rows, standardised; at least 1.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="correction">Empty, or P numbers that are added to every gradient: SCAFFOLD's c - c_i.</param>
    /// <param name="shuffling">Orders the rows.</param>
    /// <param name="cancellation">Asked before every batch.</param>
    /// <exception cref="ArgumentException">The model is opaque; there is no row, or one with other features or a label that the model has
    /// no class for; a setting is out of range; the correction has another length, or comes with another optimiser than SGD.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static LocalUpdate Train(
        ModelState model, Dataset standardised, LocalTraining settings, ReadOnlySpan<double> correction, RandomStream shuffling,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(standardised);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(shuffling);
        settings.Check();
        Network network = Network.Of(model.Shape);
        CheckRows(model.Shape, standardised);
        if (!correction.IsEmpty && correction.Length != model.Shape.ParameterCount)
            throw new ArgumentException($"The model has {model.Shape.ParameterCount} parameters, the correction {correction.Length}.", nameof(correction));
        if (!correction.IsEmpty && settings.Optimizer != LocalOptimizer.Sgd)
            throw new ArgumentException("A correction of the gradient is defined for SGD only.", nameof(correction));

        int rowCount = standardised.RowCount, stepCount = 0;
        LocalSteps steps = new(network, network.Pack(model.Parameters), correction.IsEmpty ? null : network.Pack(correction), settings);
        NetworkPass pass = new(network, Math.Min(rowCount, settings.BatchSize), backward: true);
        int[] order = new int[rowCount];
        for (int i = 0; i < rowCount; i++) order[i] = i;
        double loss = 0;
        for (int epoch = 0; epoch < settings.Epochs; epoch++)
        {
            loss = 0;
            shuffling.Shuffle<int>(order);
            for (int first = 0; first < rowCount; first += settings.BatchSize)
            {
                cancellation.ThrowIfCancellationRequested();
                loss += AddGradient(pass, steps, standardised, order.AsSpan(first, Math.Min(settings.BatchSize, rowCount - first)));
                steps.Take();
                stepCount++;
            }
        }

        double[] delta = network.Unpack(steps.Parameters);
        for (int i = 0; i < delta.Length; i++) delta[i] -= (float)model.Parameters[i];
        return new LocalUpdate(delta, rowCount, stepCount, loss / rowCount);
    }

    private static void CheckRows(ModelShape shape, Dataset rows)
    {
        if (rows.RowCount == 0) throw new ArgumentException("There is no row to learn from.", nameof(rows));
        if (rows.FeatureCount != shape.FeatureCount)
            throw new ArgumentException($"The data set has {rows.FeatureCount} features, the model {shape.FeatureCount}.", nameof(rows));
        if (rows.LargestLabel >= shape.ClassCount)
            throw new ArgumentException($"The label {rows.LargestLabel} occurs; the model has {shape.ClassCount} classes, from 0.", nameof(rows));
    }

    // Returns the sum of the rows' losses.
    private static double AddGradient(NetworkPass pass, LocalSteps steps, Dataset rows, ReadOnlySpan<int> batch)
    {
        double loss = 0;
        float weight = 1f / batch.Length;
        pass.TransposeWeights(steps.Parameters);
        for (int first = 0; first < batch.Length; first += pass.RowCapacity)
        {
            ReadOnlySpan<int> part = batch.Slice(first, Math.Min(pass.RowCapacity, batch.Length - first));
            for (int i = 0; i < part.Length; i++) pass.SetInput(i, rows.Row(part[i]));
            pass.Forward(steps.Parameters, part.Length);
            for (int i = 0; i < part.Length; i++) loss += RowLoss.Evaluate(pass.Logits(i), rows.Labels[part[i]], weight, pass.LogitDeltas(i));
            pass.Backward(steps.Gradient, part.Length);
        }

        return loss;
    }
}
