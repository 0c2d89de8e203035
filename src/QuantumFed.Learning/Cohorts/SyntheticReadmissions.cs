namespace QuantumFed.Learning;

/// <summary>What <see cref="SyntheticReadmissionSource"/> generated, with what only a generator can know. Immutable.</summary>
public sealed class SyntheticReadmissions
{
    private readonly IReadOnlyList<double[]> _testProbabilities;

    internal SyntheticReadmissions(IReadOnlyList<HospitalCohort> cohorts, IReadOnlyList<double[]> testProbabilities, LogisticModel trueModel)
    {
        Cohorts = cohorts;
        _testProbabilities = testProbabilities;
        TrueModel = trueModel;
    }

    /// <summary>The hospitals, raw features.</summary>
    public IReadOnlyList<HospitalCohort> Cohorts { get; }

    /// <summary>The model the labels were drawn from, over raw features; one for all hospitals.</summary>
    public LogisticModel TrueModel { get; }

    /// <summary>
    /// The best achievable AUC on all test rows together: that of their true probabilities, by which no classifier can rank better except
    /// by luck with these labels. Between hospitals it needs a common standardisation: centres that standardise themselves give away what
    /// tells them apart.
    /// </summary>
    public double BestAuc
        => Evaluation.AreaUnderCurve([.. Cohorts.SelectMany(c => c.Test.Labels.ToArray())], [.. _testProbabilities.SelectMany(p => p)])!.Value;

    /// <summary>The true probability of readmission of each of a hospital's test rows.</summary>
    /// <param name="hospital">The hospital's place in <see cref="Cohorts"/>.</param>
    public ReadOnlySpan<double> TestProbabilities(int hospital) => _testProbabilities[hospital];
}
