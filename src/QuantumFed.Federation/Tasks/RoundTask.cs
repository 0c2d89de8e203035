using System.Diagnostics.CodeAnalysis;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>
/// What a task makes of a round: which sum comes next for a model, what a member computes for it, and how the opened sum changes the
/// model. All of it follows from the agreement and the model, and the step is scalar arithmetic in a fixed order, so a replay gives the same bytes.
/// </summary>
public static class RoundTask
{
    /// <summary>The model that training starts from, without a joint standardisation yet.</summary>
    public static ModelState InitialModel(LearningTask task) => Learning.InitialModel.Create(
        TaskTerms.ShapeOf(task), TaskTerms.FormatOf(task), task.Averaging is null ? 0 : TaskTerms.OptimizerOf(task).MemoryCount, task.Model.Seed);

    /// <summary>What the round on this model is for.</summary>
    public static RoundPurpose PurposeOf(LearningTask task, ModelState model) =>
        task.Standardise == Standardise.Federated && model.Standardisation is null ? RoundPurpose.Moments
        : task.Averaging is null ? RoundPurpose.NewtonStep : RoundPurpose.WeightedAverage;

    /// <summary>Everything that the task's rounds are for.</summary>
    public static IReadOnlyList<RoundPurpose> PurposesOf(LearningTask task)
    {
        RoundPurpose training = task.Averaging is null ? RoundPurpose.NewtonStep : RoundPurpose.WeightedAverage;
        return task.Standardise == Standardise.Federated ? [RoundPurpose.Moments, training] : [training];
    }

    /// <summary>Rounds that the task takes in all, the standardisation's included.</summary>
    public static int RoundCount(LearningTask task) => task.Rounds + (task.Standardise == Standardise.Federated ? 1 : 0);

    /// <summary>Bits of one encrypted value: a limb of a statistic, or a number of an update.</summary>
    public static byte BitsPerValue(LearningTask task, RoundPurpose purpose) =>
        (byte)(purpose == RoundPurpose.WeightedAverage ? TaskTerms.CodecOf(task).Bits : FixedPointQuantizer.Statistics.BitsPerLimb);

    /// <summary>How many real numbers a member contributes to a round of statistics.</summary>
    public static int StatisticCount(LearningTask task, RoundPurpose purpose)
    {
        int d = task.Features.Count;
        return purpose == RoundPurpose.Moments ? 1 + 2 * d : (d + 1) + (d + 1) * (d + 2) / 2 + 1;
    }

    /// <summary>How many values of <see cref="BitsPerValue"/> bits a member encrypts.</summary>
    public static int ValueCount(LearningTask task, RoundPurpose purpose) => purpose == RoundPurpose.WeightedAverage
        ? TaskTerms.CodecOf(task).ValueCount
        : StatisticCount(task, purpose) * FixedPointQuantizer.Statistics.Limbs;

    /// <summary>A member's statistics from its own training rows, quantised and ready to be encrypted. Updates of averaging are made by
    /// <see cref="UpdateContribution"/>.</summary>
    /// <returns><see langword="false"/> if a statistic leaves the public range; <paramref name="failure"/> says which.</returns>
    public static bool TryContribute(
        LearningTask task, ModelState model, Dataset training, [NotNullWhen(true)] out uint[]? values, [NotNullWhen(false)] out string? failure)
    {
        FixedPointQuantizer quantizer = FixedPointQuantizer.Statistics;
        double[] statistics = PurposeOf(task, model) == RoundPurpose.Moments
            ? MomentStatistics.Compute(training, task.Magnitudes)
            : NewtonStatistics.Compute((model.Standardisation ?? Standardisation.FromRows(training)).Apply(training), model.ToLogistic());
        values = new uint[statistics.Length * quantizer.Limbs];
        failure = null;
        if (quantizer.TryQuantize(statistics, values, out RangeViolation violation))
            return true;
        values = null;
        failure = $"Statistic {violation.Index} is {violation.Value:R}, outside the public range of +-{quantizer.Bound:R}; "
            + "are the features of this member in the agreed units?";
        return false;
    }

    /// <summary>The model after a round, from the decoded sums of <paramref name="participants"/> of <paramref name="members"/> members.</summary>
    /// <returns><see langword="false"/> if the sums determine no step; <paramref name="failure"/> says why.</returns>
    public static bool TryStep(
        LearningTask task, ModelState model, IReadOnlyList<ulong> sums, int participants, int members,
        [NotNullWhen(true)] out ModelState? next, [NotNullWhen(false)] out string? failure)
    {
        StepOutcome<ModelState> outcome = PurposeOf(task, model) switch
        {
            RoundPurpose.WeightedAverage => StepByAverage(task, model, sums, participants, members),
            RoundPurpose.Moments => StepBySums(task, RoundPurpose.Moments, sums, participants, sum => MomentStep.Apply(model, sum, task.Magnitudes)),
            _ => StepBySums(task, RoundPurpose.NewtonStep, sums, participants, sum => StepByNewton(task, model.ToLogistic(), sum)),
        };
        next = (outcome as StepOutcome<ModelState>.Stepped)?.Model;
        failure = (outcome as StepOutcome<ModelState>.Refused)?.Reason ?? "";
        return next is not null;
    }

    private static StepOutcome<ModelState> StepByAverage(LearningTask task, ModelState model, IReadOnlyList<ulong> sums, int participants, int members) =>
        TaskTerms.CodecOf(task).TryDecode(sums, participants, out AveragedUpdate? average)
            ? ServerStep.Apply(model, average, TaskTerms.OptimizerOf(task), members)
            : OutOfRange();

    private static StepOutcome<ModelState> StepBySums(
        LearningTask task, RoundPurpose purpose, IReadOnlyList<ulong> sums, int participants, Func<double[], StepOutcome<ModelState>> step)
    {
        var statistics = new double[StatisticCount(task, purpose)];
        return FixedPointQuantizer.Statistics.TryDequantizeSum([.. sums], participants, statistics) ? step(statistics) : OutOfRange();
    }

    private static StepOutcome<ModelState> StepByNewton(LearningTask task, LogisticModel model, double[] statistics)
    {
        if (HaveOneClass(model, statistics))
            return new StepOutcome<ModelState>.Refused("The labels of all members' rows are alike, so there is nothing to tell apart.");
        return NewtonStep.Apply(model, statistics, task.L2) switch
        {
            StepOutcome<LogisticModel>.Stepped stepped => new StepOutcome<ModelState>.Stepped(ModelState.From(stepped.Model)),
            StepOutcome<LogisticModel>.Refused refused => new StepOutcome<ModelState>.Refused(refused.Reason),
            _ => throw new InvalidOperationException("A step is taken or refused."),
        };
    }

    private static StepOutcome<ModelState> OutOfRange() =>
        new StepOutcome<ModelState>.Refused("The decoded sums are out of the range that so many members can reach.");

    // At the zero model every probability is 1/2, so the intercept's gradient is rows / 2 less the positives: exact in binary.
    private static bool HaveOneClass(LogisticModel model, ReadOnlySpan<double> statistics)
    {
        bool zero = model.Intercept == 0;
        foreach (double weight in model.Weights)
            zero &= weight == 0;
        return zero && Math.Abs(statistics[model.FeatureCount]) == NewtonStatistics.RowCountOf(statistics) / 2;
    }
}
