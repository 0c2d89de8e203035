namespace QuantumFed.Learning;

/// <summary>From a consortium's summed moments to the state that training starts from. Deterministic, as <see cref="NewtonStep"/>.</summary>
public static class MomentStep
{
    /// <summary>Gives a state the standardisation that the sums imply; all else stays as it is.</summary>
    /// <param name="state">The state before round 0.</param>
    /// <param name="sums">The summed moments, laid out as <see cref="MomentStatistics"/> says.</param>
    /// <param name="magnitudes">The power of two that each feature was divided by before it was summed.</param>
    /// <exception cref="ArgumentException">The sums or magnitudes have the wrong length.</exception>
    public static StepOutcome<ModelState> Apply(ModelState state, ReadOnlySpan<double> sums, IReadOnlyList<int> magnitudes)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(magnitudes);
        int d = state.Shape.FeatureCount;
        if (sums.Length != MomentStatistics.LengthFor(d) || magnitudes.Count != d)
            throw new ArgumentException($"{d} features need {MomentStatistics.LengthFor(d)} sums and {d} magnitudes.", nameof(sums));
        return Standardisation.TryFromMoments(sums[0], sums.Slice(1, d), sums.Slice(1 + d, d), out Standardisation? scaled)
            && scaled.TryScale(magnitudes, out Standardisation? standardisation)
            ? new StepOutcome<ModelState>.Stepped(state.With(standardisation))
            : new StepOutcome<ModelState>.Refused("The sums are not the moments of at least 2 rows.");
    }
}
