namespace QuantumFed.Learning.Tests;

/// <summary>A model's loss in double precision, row by row and unit by unit, straight from the definition.</summary>
internal static class SlowNetwork
{
    /// <summary>The logits of one row; for logistic regression 0 and the log-odds.</summary>
    public static double[] Logits(ModelShape shape, ReadOnlySpan<double> parameters, ReadOnlySpan<double> row)
    {
        int[] widths = [shape.FeatureCount, .. shape.Hidden, shape.Kind == ModelKind.Logistic ? 1 : shape.ClassCount];
        double[] values = row.ToArray();
        for (int layer = 1; layer < widths.Length; layer++)
        {
            double[] next = new double[widths[layer]];
            for (int o = 0; o < next.Length; o++)
            {
                next[o] = parameters[widths[layer] * widths[layer - 1] + o];
                for (int i = 0; i < values.Length; i++) next[o] += parameters[o * values.Length + i] * values[i];
                if (layer < widths.Length - 1) next[o] = Math.Max(0, next[o]);
            }

            parameters = parameters[(widths[layer] * (widths[layer - 1] + 1))..];
            values = next;
        }

        return shape.Kind == ModelKind.Logistic ? [0, values[0]] : values;
    }

    public static double[] Probabilities(ModelShape shape, ReadOnlySpan<double> parameters, ReadOnlySpan<double> row)
    {
        double[] e = [.. Logits(shape, parameters, row).Select(Math.Exp)];
        return [.. e.Select(value => value / e.Sum())];
    }

    /// <summary>The mean log loss of the rows.</summary>
    public static double Loss(ModelShape shape, ReadOnlySpan<double> parameters, Dataset rows)
    {
        double loss = 0;
        for (int i = 0; i < rows.RowCount; i++) loss -= Math.Log(Probabilities(shape, parameters, rows.Row(i))[rows.Labels[i]]);
        return loss / rows.RowCount;
    }

    /// <summary>Its gradient by central differences.</summary>
    public static double[] Gradient(ModelShape shape, ReadOnlySpan<double> parameters, Dataset rows)
    {
        const double Step = 1e-5;
        double[] gradient = new double[shape.ParameterCount], moved = parameters.ToArray();
        for (int i = 0; i < gradient.Length; i++)
        {
            moved[i] = parameters[i] + Step;
            double above = Loss(shape, moved, rows);
            moved[i] = parameters[i] - Step;
            gradient[i] = (above - Loss(shape, moved, rows)) / (2 * Step);
            moved[i] = parameters[i];
        }

        return gradient;
    }

    /// <summary>Which parameters are weights, not biases.</summary>
    public static bool[] IsWeight(ModelShape shape)
    {
        int[] widths = [shape.FeatureCount, .. shape.Hidden, shape.Kind == ModelKind.Logistic ? 1 : shape.ClassCount];
        List<bool> weights = [];
        for (int layer = 1; layer < widths.Length; layer++)
        {
            weights.AddRange(Enumerable.Repeat(true, widths[layer] * widths[layer - 1]));
            weights.AddRange(Enumerable.Repeat(false, widths[layer]));
        }

        return [.. weights];
    }
}
