using System.Numerics.Tensors;

namespace QuantumFed.Learning;

/// <summary>
/// Ridge logistic regression on rows at hand: a hospital's model of its own, or the pooled model that a federation is compared with. The
/// same statistics and step as the federation, iterated to convergence, with the step halved where it would raise the loss.
/// </summary>
/// <remarks>
/// Rows with one label have no best intercept (it is not penalised); the fit then ends where every probability is within 1e-12 of the
/// label.
/// </remarks>
public static class LocalNewton
{
    private const double GradientTolerance = 1e-12;
    private const int MaxHalvings = 30;

    /// <summary>Fits a model.</summary>
    /// <param name="standardised">The training rows, standardised; at least 1.</param>
    /// <param name="l2">The ridge on every weight, finite and at least 0; the intercept has none.</param>
    /// <param name="maxIterations">The most Newton steps.</param>
    /// <param name="beforePass">Called before each pass over the rows, of which a step has two or more; what it throws ends the fit.</param>
    /// <exception cref="ArgumentException">There is no row, or a setting is out of range.</exception>
    public static LocalFit Fit(Dataset standardised, double l2 = NewtonStep.DefaultL2, int maxIterations = 100, Action? beforePass = null)
    {
        ArgumentNullException.ThrowIfNull(standardised);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxIterations, 1);
        if (standardised.RowCount == 0) throw new ArgumentException("There is no row to learn from.", nameof(standardised));

        LogisticModel model = LogisticModel.Zero(standardised.FeatureCount);
        double loss = Loss(standardised, model, l2);
        for (int iteration = 0; iteration < maxIterations; iteration++)
        {
            beforePass?.Invoke();
            double[] statistics = NewtonStatistics.Compute(standardised, model);
            beforePass?.Invoke();
            if (LargestSlope(statistics, model, l2) <= GradientTolerance * standardised.RowCount) return new LocalFit(model, iteration, true);
            if (NewtonStep.Apply(model, statistics, l2) is not StepOutcome<LogisticModel>.Stepped(LogisticModel target)) return new LocalFit(model, iteration, false);

            (LogisticModel candidate, double candidateLoss) = (target, Loss(standardised, target, l2));
            double slack = 1e-13 * (1 + loss);
            for (int halving = 1; !(candidateLoss <= loss + slack); halving++)
            {
                if (halving > MaxHalvings) return new LocalFit(model, iteration, false);
                candidate = Between(model, target, Math.ScaleB(1, -halving));
                candidateLoss = Loss(standardised, candidate, l2);
            }

            (model, loss) = (candidate, candidateLoss);
        }

        bool converged = LargestSlope(NewtonStatistics.Compute(standardised, model), model, l2) <= GradientTolerance * standardised.RowCount;
        return new LocalFit(model, maxIterations, converged);
    }

    private static double LargestSlope(double[] statistics, LogisticModel model, double l2)
    {
        int d = model.FeatureCount;
        double largest = Math.Abs(statistics[d]);
        for (int j = 0; j < d; j++) largest = Math.Max(largest, Math.Abs(statistics[j] + l2 * model.Weights[j]));
        return largest;
    }

    private static double Loss(Dataset rows, LogisticModel model, double l2)
    {
        double loss = l2 / 2 * TensorPrimitives.SumOfSquares(model.Weights);
        for (int i = 0; i < rows.RowCount; i++)
        {
            double logOdds = model.LogOdds(rows.Row(i)), wrong = rows.Labels[i] == 1 ? -logOdds : logOdds;
            // log(1 + exp(t)) without overflow.
            loss += Math.Max(wrong, 0) + double.LogP1(Math.Exp(-Math.Abs(wrong)));
        }

        return loss;
    }

    private static LogisticModel Between(LogisticModel from, LogisticModel to, double fraction)
    {
        double[] weights = new double[from.FeatureCount];
        for (int j = 0; j < weights.Length; j++) weights[j] = from.Weights[j] + fraction * (to.Weights[j] - from.Weights[j]);
        return LogisticModel.Create(weights, from.Intercept + fraction * (to.Intercept - from.Intercept), from.Standardisation);
    }
}
