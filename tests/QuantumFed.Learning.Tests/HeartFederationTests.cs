namespace QuantumFed.Learning.Tests;

/// <summary>The figures of the real data, through the quantiser, without encryption (which adds nothing to them: it is exact).</summary>
public sealed class HeartFederationTests
{
    private static double Round(double value) => Math.Round(value, 4);

    private static double[] Accuracies(IReadOnlyList<HospitalCohort> cohorts, LogisticModel model)
        => [.. cohorts.Select(c => Round(Evaluation.Of(model, c.Standardise(model.Standardisation).Test).Accuracy))];

    [Theory]
    [InlineData(0.0)]
    [InlineData(NewtonStep.DefaultL2)]
    public void Centre_standardisation_reproduces_NVFlares_centralised_result(double l2)
    {
        IReadOnlyList<HospitalCohort> cohorts = HeartDiseaseSource.Read(SharedData.HeartDirectory());
        LogisticModel model = ClearFederation.Train(cohorts, federatedStandardisation: false, rounds: 6, l2);
        Assert.Equal([0.7500, 0.7528, 0.7500, 0.6000], Accuracies(cohorts, model));
    }

    [Fact]
    public void Federated_standardisation_does_better()
    {
        IReadOnlyList<HospitalCohort> cohorts = HeartDiseaseSource.Read(SharedData.HeartDirectory());
        LogisticModel model = ClearFederation.Train(cohorts, federatedStandardisation: true, rounds: 6);
        Assert.Equal([0.7788, 0.7978, 0.8125, 0.8222], Accuracies(cohorts, model));
        Dataset test = Dataset.Concatenate([.. cohorts.Select(c => c.Standardise(model.Standardisation).Test)]);
        Evaluation pooled = Evaluation.Of(model, test);
        Assert.Equal((254, 0.7953, 0.8812), (pooled.RowCount, Round(pooled.Accuracy), Round(pooled.Auc!.Value)));
    }

    [Fact]
    public void Local_models_have_their_figures()
    {
        IReadOnlyList<HospitalCohort> cohorts = HeartDiseaseSource.Read(SharedData.HeartDirectory());
        IEnumerable<Evaluation> local = cohorts.Select(c => c.Standardise(null)).Select(c => Evaluation.Of(LocalNewton.Fit(c.Train, l2: 1).Model, c.Test));
        Assert.Equal([0.7308, 0.7191, 0.9375, 0.7778], local.Select(e => Round(e.Accuracy)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Six_quantised_rounds_equal_the_converged_pooled_model(bool federatedStandardisation)
    {
        IReadOnlyList<HospitalCohort> cohorts = HeartDiseaseSource.Read(SharedData.HeartDirectory());
        PooledLaw.Check(cohorts, federatedStandardisation, rounds: 6);
    }
}
