using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>The coordinator's arithmetic on plaintext updates: the same steps as the encrypted federation's, on numbers it can all read.</summary>
internal static class PlainAggregation
{
    /// <summary>The model after a step.</summary>
    /// <param name="task">The task.</param>
    /// <param name="model">The model before.</param>
    /// <param name="updates">Each member's numbers and its weight, in the members' order.</param>
    /// <exception cref="TrainingDivergedException">The updates determine no step.</exception>
    public static ModelState Step(LearningTask task, ModelState model, IReadOnlyList<(double[] Numbers, ulong Weight)> updates)
    {
        RoundPurpose purpose = RoundTask.PurposeOf(task, model);
        StepOutcome<ModelState> outcome = purpose switch
        {
            RoundPurpose.WeightedAverage => ServerStep.Apply(model, Average(task, updates), TaskTerms.OptimizerOf(task), updates.Count),
            RoundPurpose.Moments => MomentStep.Apply(model, Sum(updates), task.Magnitudes),
            _ => NewtonStep.Apply(model.ToLogistic(), Sum(updates), task.L2) is StepOutcome<LogisticModel>.Stepped stepped
                ? new StepOutcome<ModelState>.Stepped(ModelState.From(stepped.Model))
                : new StepOutcome<ModelState>.Refused("The sums determine no Newton step."),
        };
        return outcome is StepOutcome<ModelState>.Stepped next
            ? next.Model
            : throw new TrainingDivergedException(((StepOutcome<ModelState>.Refused)outcome).Reason);
    }

    private static AveragedUpdate Average(LearningTask task, IReadOnlyList<(double[] Numbers, ulong Weight)> updates)
    {
        int parameters = TaskTerms.ShapeOf(task).ParameterCount;
        double total = updates.Sum(update => (double)update.Weight);
        double[] mean = new double[updates[0].Numbers.Length];
        foreach ((double[] numbers, ulong weight) in updates)
        {
            for (int j = 0; j < mean.Length; j++)
                mean[j] += weight / total * numbers[j];
        }
        return new AveragedUpdate([.. mean.Chunk(parameters)], total, updates.Count);
    }

    private static double[] Sum(IReadOnlyList<(double[] Numbers, ulong Weight)> updates)
    {
        double[] sum = new double[updates[0].Numbers.Length];
        foreach ((double[] numbers, _) in updates)
        {
            for (int j = 0; j < sum.Length; j++)
                sum[j] += numbers[j];
        }
        return sum;
    }
}
