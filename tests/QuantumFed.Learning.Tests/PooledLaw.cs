namespace QuantumFed.Learning.Tests;

/// <summary>Federated Newton equals Newton on the pooled rows, and its bits do not depend on how members order their sums.</summary>
internal static class PooledLaw
{
    public static void Check(IReadOnlyList<HospitalCohort> cohorts, bool federatedStandardisation, int rounds)
    {
        LogisticModel model = ClearFederation.Train(cohorts, federatedStandardisation, rounds);

        // The pooled side does not go through moments or the quantiser at all.
        Standardisation? pooledStandardisation =
            federatedStandardisation ? Standardisation.FromRows(Dataset.Concatenate([.. cohorts.Select(c => c.Train)])) : null;
        Dataset pooled = Dataset.Concatenate([.. cohorts.Select(c => c.Standardise(pooledStandardisation).Train)]);
        LocalFit fit = LocalNewton.Fit(pooled);

        Assert.True(fit.Converged);
        for (int j = 0; j < model.FeatureCount; j++) Assert.Equal(fit.Model.Weights[j], model.Weights[j], 1e-6);
        Assert.Equal(fit.Model.Intercept, model.Intercept, 1e-6);
    }

    /// <summary>The same rounds with statistics summed by the slow oracle, whose last bits differ from the vectorised ones.</summary>
    public static LogisticModel TrainWithOracle(IReadOnlyList<HospitalCohort> cohorts, int rounds)
    {
        LogisticModel model = LogisticModel.Zero(cohorts[0].Train.FeatureCount);
        Dataset[] train = [.. cohorts.Select(c => c.Standardise(null).Train)];
        for (int round = 0; round < rounds; round++)
            model = ClearFederation.Stepped(NewtonStep.Apply(model, ClearFederation.Sum([.. train.Select(t => NewtonTests.SlowStatistics(t, model))])));
        return model;
    }
}
