namespace QuantumFed.Learning;

/// <summary>From a consortium's summed moments to the model that training starts from. Deterministic, as
/// <see cref="NewtonStep"/>.</summary>
public static class MomentStep
{
    /// <summary>Gives a model the standardisation that the sums imply; its weights stay as they are.</summary>
    /// <param name="model">The model before round 0, in practice <see cref="LogisticModel.Zero"/>.</param>
    /// <param name="sums">The summed moments, laid out as <see cref="MomentStatistics"/> says.</param>
    /// <exception cref="ArgumentException">The sums have the wrong length.</exception>
    public static StepOutcome Apply(LogisticModel model, ReadOnlySpan<double> sums)
    {
        ArgumentNullException.ThrowIfNull(model);
        int d = model.FeatureCount;
        if (sums.Length != MomentStatistics.LengthFor(d))
            throw new ArgumentException($"{d} features need {MomentStatistics.LengthFor(d)} sums, not {sums.Length}.", nameof(sums));
        return Standardisation.TryFromMoments(sums[0], sums.Slice(1, d), sums.Slice(1 + d, d), out Standardisation? standardisation)
            ? new StepOutcome.Stepped(LogisticModel.Create(model.Weights, model.Intercept, standardisation))
            : new StepOutcome.Refused("The sums are not the moments of at least 2 rows.");
    }
}
