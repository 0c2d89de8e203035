namespace QuantumFed.Learning;

/// <summary>
/// From the members' mean update to the next state: run by the coordinator and replayed by members and regulators. Scalar + - * / sqrt in a
/// fixed order, rounded to the state's format at the end, so the bits are the same everywhere.
/// </summary>
public static class ServerStep
{
    /// <summary>Takes one step.</summary>
    /// <param name="state">The state that members trained on.</param>
    /// <param name="average">Their weighted means: of the parameters' changes and, for SCAFFOLD, of the control variates' changes.</param>
    /// <param name="optimizer">The coordinator's optimiser.</param>
    /// <param name="members">All members of the consortium N, at least as many as took part.</param>
    /// <exception cref="ArgumentException">The state or the means are not those of the optimiser.</exception>
    public static StepOutcome<ModelState> Apply(ModelState state, AveragedUpdate average, ServerOptimizer optimizer, int members)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(average);
        ArgumentNullException.ThrowIfNull(optimizer);
        if (state.MemoryCount != optimizer.MemoryCount || average.Means.Count != optimizer.VectorCount
            || average.Means.Any(mean => mean.Length != state.Shape.ParameterCount) || members < average.Participants)
            throw new ArgumentException("The state and the means are not those of this optimiser.", nameof(average));
        double[] parameters = state.Parameters.ToArray();
        double[][] memory = [.. Enumerable.Range(0, state.MemoryCount).Select(i => state.Memory(i).ToArray())];
        double[] mean = average.Means[0];
        if (optimizer.Rule is ServerRule.Adam or ServerRule.Yogi)
            StepAdaptively(optimizer, mean, parameters, memory[0], memory[1]);
        else
            for (int j = 0; j < parameters.Length; j++) parameters[j] += optimizer.LearningRate * mean[j];
        if (optimizer.Rule == ServerRule.Scaffold)
        {
            double share = (double)average.Participants / members;
            for (int j = 0; j < parameters.Length; j++) memory[0][j] += share * average.Means[1][j];
        }

        return ModelState.TryCreate(state.Shape, state.Format, state.Standardisation, parameters, memory, out ModelState? next)
            ? new StepOutcome<ModelState>.Stepped(next)
            : new StepOutcome<ModelState>.Refused("The step leaves the range of the model's numbers: training diverges; lower the learning rate.");
    }

    // m = b1 m + (1 - b1) D; Adam: v = b2 v + (1 - b2) D^2; Yogi: v = v - (1 - b2) D^2 sign(v - D^2); x += eta m / (sqrt(v) + tau).
    private static void StepAdaptively(ServerOptimizer optimizer, double[] mean, double[] parameters, double[] first, double[] second)
    {
        (double beta1, double beta2) = (optimizer.Beta1, optimizer.Beta2);
        for (int j = 0; j < parameters.Length; j++)
        {
            double square = mean[j] * mean[j];
            first[j] = beta1 * first[j] + (1 - beta1) * mean[j];
            second[j] = optimizer.Rule == ServerRule.Adam
                ? beta2 * second[j] + (1 - beta2) * square
                : second[j] - (1 - beta2) * square * Math.Sign(second[j] - square);
            parameters[j] += optimizer.LearningRate * first[j] / (Math.Sqrt(second[j]) + optimizer.Adaptivity);
        }
    }
}
