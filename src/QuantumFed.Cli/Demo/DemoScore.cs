using QuantumFed.Learning;

namespace QuantumFed.Cli;

/// <summary>
/// Scores models on the test rows of all hospitals. Only a demo can: it made or holds all the rows; in a consortium each member scores its own.
/// </summary>
internal sealed class DemoScore(IReadOnlyList<HospitalCohort> cohorts)
{
    /// <summary>A model's accuracy and AUC over all test rows.</summary>
    public Evaluation OnAll(LogisticModel model) => Evaluation.Of(model, Standardised(model, cohort => cohort.Test));

    /// <summary>A model's accuracy and AUC on one hospital's test rows.</summary>
    public static Evaluation On(LogisticModel model, HospitalCohort cohort) =>
        Evaluation.Of(model, cohort.Standardise(model.Standardisation).Test);

    /// <summary>The model that all training rows in one place would give, standardised as <paramref name="like"/> is.</summary>
    public LogisticModel Pooled(LogisticModel like, double l2)
    {
        LogisticModel fitted = LocalNewton.Fit(Standardised(like, cohort => cohort.Train), l2).Model;
        return LogisticModel.Create(fitted.Weights, fitted.Intercept, like.Standardisation);
    }

    /// <summary>The model of one hospital alone, with its own standardisation and L2 = 1.</summary>
    public static LogisticModel Local(HospitalCohort cohort) => LocalNewton.Fit(cohort.Standardise(null).Train, l2: 1.0).Model;

    private Dataset Standardised(LogisticModel model, Func<HospitalCohort, Dataset> rows) =>
        Dataset.Concatenate([.. cohorts.Select(cohort => rows(cohort.Standardise(model.Standardisation)))]);
}
