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
    /// <summary>The model that training starts from: no weights, and no joint standardisation yet.</summary>
    public static LogisticModel InitialModel(LearningTask task) => LogisticModel.Zero(task.Features.Count);

    /// <summary>What the round on this model is for.</summary>
    public static RoundPurpose PurposeOf(LearningTask task, LogisticModel model) =>
        task.Standardise == Standardise.Federated && model.Standardisation is null ? RoundPurpose.Moments : RoundPurpose.NewtonStep;

    /// <summary>Rounds that the task takes in all, the standardisation's included.</summary>
    public static int RoundCount(LearningTask task) => task.Rounds + (task.Standardise == Standardise.Federated ? 1 : 0);

    /// <summary>How many real numbers a member contributes.</summary>
    public static int StatisticCount(LearningTask task, RoundPurpose purpose)
    {
        int d = task.Features.Count;
        return purpose == RoundPurpose.Moments ? 1 + 2 * d : (d + 1) + (d + 1) * (d + 2) / 2 + 1;
    }

    /// <summary>How many values of <see cref="FixedPointQuantizer.BitsPerLimb"/> bits they are encrypted as.</summary>
    public static int ValueCount(LearningTask task, RoundPurpose purpose) =>
        StatisticCount(task, purpose) * FixedPointQuantizer.Statistics.Limbs;

    /// <summary>A member's contribution from its own training rows, quantised and ready to be encrypted.</summary>
    /// <returns><see langword="false"/> if a statistic leaves the public range; <paramref name="failure"/> says which.</returns>
    public static bool TryContribute(
        LearningTask task, LogisticModel model, Dataset training, [NotNullWhen(true)] out uint[]? values, [NotNullWhen(false)] out string? failure)
    {
        FixedPointQuantizer quantizer = FixedPointQuantizer.Statistics;
        double[] statistics = PurposeOf(task, model) == RoundPurpose.Moments
            ? MomentStatistics.Compute(training)
            : NewtonStatistics.Compute((model.Standardisation ?? Standardisation.FromRows(training)).Apply(training), model);
        values = new uint[statistics.Length * quantizer.Limbs];
        failure = null;
        if (quantizer.TryQuantize(statistics, values, out RangeViolation violation))
            return true;
        values = null;
        failure = $"Statistic {violation.Index} is {violation.Value:R}, outside the public range of +-{quantizer.Bound:R}; "
            + "are the features of this member in the agreed units?";
        return false;
    }

    /// <summary>The model after a round, from the decoded sums of <paramref name="participants"/> members.</summary>
    /// <returns><see langword="false"/> if the sums determine no step; <paramref name="failure"/> says why.</returns>
    public static bool TryStep(
        LearningTask task, LogisticModel model, IReadOnlyList<ulong> sums, int participants,
        [NotNullWhen(true)] out LogisticModel? next, [NotNullWhen(false)] out string? failure)
    {
        next = null;
        RoundPurpose purpose = PurposeOf(task, model);
        var statistics = new double[StatisticCount(task, purpose)];
        if (!FixedPointQuantizer.Statistics.TryDequantizeSum([.. sums], participants, statistics))
        {
            failure = "The decoded sums are out of the range that so many members can reach.";
            return false;
        }
        if (purpose == RoundPurpose.NewtonStep && HaveOneClass(model, statistics))
        {
            failure = "The labels of all members' rows are alike, so there is nothing to tell apart.";
            return false;
        }
        StepOutcome outcome = purpose == RoundPurpose.Moments
            ? MomentStep.Apply(model, statistics)
            : NewtonStep.Apply(model, statistics, task.L2);
        next = (outcome as StepOutcome.Stepped)?.Model;
        failure = (outcome as StepOutcome.Refused)?.Reason ?? "";
        return next is not null;
    }

    // At the zero model every probability is 1/2, so the intercept's gradient is rows / 2 less the positives: exact in binary.
    private static bool HaveOneClass(LogisticModel model, ReadOnlySpan<double> statistics)
    {
        bool zero = model.Intercept == 0;
        foreach (double weight in model.Weights)
            zero &= weight == 0;
        return zero && Math.Abs(statistics[model.FeatureCount]) == NewtonStatistics.RowCountOf(statistics) / 2;
    }
}
