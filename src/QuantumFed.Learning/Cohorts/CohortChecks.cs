namespace QuantumFed.Learning;

/// <summary>What can be said about cohorts before anybody trains on them.</summary>
public static class CohortChecks
{
    /// <summary>The fewest training rows with which a sample standard deviation exists.</summary>
    public const int MinTrainRows = 2;

    /// <summary>Checks one hospital's cohort, as the hospital itself can.</summary>
    /// <returns>The findings, errors first; empty where all is well.</returns>
    public static IReadOnlyList<CohortFinding> CheckSite(HospitalCohort cohort)
    {
        ArgumentNullException.ThrowIfNull(cohort);
        List<CohortFinding> findings = [];
        Dataset train = cohort.Train;
        void Add(FindingSeverity severity, string message) => findings.Add(new CohortFinding(severity, cohort.Name, message));

        if (train.RowCount < MinTrainRows)
            Add(FindingSeverity.Error, $"{train.RowCount} training rows are too few; at least {MinTrainRows} are needed.");
        if (cohort.Test.RowCount == 0)
            Add(FindingSeverity.Error, "there are no test rows, so nothing can be measured.");
        if (findings.Count > 0) return findings;

        if (train.RowCount <= train.FeatureCount)
            Add(FindingSeverity.Warning,
                $"{train.RowCount} training rows for {train.FeatureCount} features: a model of its own will fit them by heart.");
        if (!train.HasBothClasses)
            Add(FindingSeverity.Warning,
                $"all {train.RowCount} training rows have label {train.Labels[0]}; it can learn only together with others.");
        if (!cohort.Test.HasBothClasses)
            Add(FindingSeverity.Warning, $"all {cohort.Test.RowCount} test rows have label {cohort.Test.Labels[0]}; the AUC is not defined.");
        string[] constant = [.. ConstantFeatures(train)];
        if (constant.Length > 0)
            Add(FindingSeverity.Warning, $"the same value in every training row: {string.Join(", ", constant)}.");
        return findings;
    }

    /// <summary>Checks all cohorts together, as only somebody who holds them all can (a demonstration, a simulation).</summary>
    /// <returns>The findings, errors first; empty where all is well.</returns>
    public static IReadOnlyList<CohortFinding> CheckAll(IReadOnlyList<HospitalCohort> cohorts)
    {
        ArgumentNullException.ThrowIfNull(cohorts);
        List<CohortFinding> findings = [];
        void Error(string message) => findings.Add(new CohortFinding(FindingSeverity.Error, null, message));

        if (cohorts.Count == 0)
        {
            Error("there is no hospital.");
            return findings;
        }

        if (cohorts.DistinctBy(c => c.Name, StringComparer.Ordinal).Count() != cohorts.Count) Error("two hospitals have the same name.");
        if (cohorts.Any(c => !c.Train.HasSameFeaturesAs(cohorts[0].Train))) Error("the hospitals do not have the same features in the same order.");
        byte[] labels = [.. cohorts.SelectMany(c => c.Train.Labels.ToArray()).Distinct()];
        if (labels.Length == 1)
            Error($"all {cohorts.Sum(c => c.Train.RowCount)} training rows of all hospitals have label {labels[0]}; there is nothing to learn.");
        foreach (HospitalCohort cohort in cohorts) findings.AddRange(CheckSite(cohort));
        return [.. findings.OrderByDescending(f => f.Severity)];
    }

    private static IEnumerable<string> ConstantFeatures(Dataset train)
    {
        for (int j = 0; j < train.FeatureCount; j++)
        {
            int i = 1;
            while (i < train.RowCount && train.Row(i)[j] == train.Row(0)[j]) i++;
            if (i == train.RowCount) yield return train.FeatureNames[j];
        }
    }
}
