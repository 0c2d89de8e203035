namespace QuantumFed.Learning.Tests;

public sealed class SyntheticFederationTests
{
    [Theory]
    [InlineData(3, 1, false)]
    [InlineData(4, 1, false)]
    [InlineData(4, 1, true)]
    [InlineData(7, 2, true)]
    public void Quantised_rounds_equal_the_converged_pooled_model(int members, long seed, bool federatedStandardisation)
        => PooledLaw.Check(SyntheticReadmissionSource.Generate(members, seed).Cohorts, federatedStandardisation, rounds: 8);

    [Fact]
    public void Quantisation_absorbs_the_last_bits_of_the_statistics()
    {
        // Another order of summation, as on a machine of another vector width, changes the statistics' last bits and not the model's.
        IReadOnlyList<HospitalCohort> cohorts = SyntheticReadmissionSource.Generate(4, seed: 1).Cohorts;
        Dataset train = cohorts[0].Standardise(null).Train;
        LogisticModel once = ClearFederation.Train(cohorts, federatedStandardisation: false, rounds: 1);
        Assert.NotEqual(NewtonTests.SlowStatistics(train, once), NewtonStatistics.Compute(train, once));
        Assert.Equal(
            ModelState.From(ClearFederation.Train(cohorts, federatedStandardisation: false, rounds: 6)).ToCanonicalBytes(),
            ModelState.From(PooledLaw.TrainWithOracle(cohorts, rounds: 6)).ToCanonicalBytes());
    }

    [Fact]
    public void A_federation_beats_the_average_local_model()
    {
        SyntheticReadmissions data = SyntheticReadmissionSource.Generate(4, seed: 1);
        LogisticModel model = ClearFederation.Train(data.Cohorts, federatedStandardisation: true, rounds: 8);
        double federated = data.Cohorts.Average(c => Evaluation.Of(model, c.Standardise(model.Standardisation).Test).Auc!.Value);
        double local = data.Cohorts.Select(c => c.Standardise(null)).Average(c => Evaluation.Of(LocalNewton.Fit(c.Train).Model, c.Test).Auc!.Value);
        Assert.True(federated > local, $"{federated} <= {local}");
    }
}
