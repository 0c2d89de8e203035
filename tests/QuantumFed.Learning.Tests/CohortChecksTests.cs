namespace QuantumFed.Learning.Tests;

public sealed class CohortChecksTests
{
    private static HospitalCohort Cohort(string name, params byte[] trainLabels)
    {
        double[] Values(int rows) => [.. Enumerable.Range(0, rows).Select(i => i * 1.5)];
        return new HospitalCohort(name, Dataset.Create(["a"], Values(trainLabels.Length), trainLabels), Dataset.Create(["a"], [1, 2], [0, 1]));
    }

    [Fact]
    public void Sound_cohorts_have_no_findings()
        => Assert.Empty(CohortChecks.CheckAll([Cohort("north", 0, 1, 0), Cohort("south", 1, 1, 0)]));

    [Fact]
    public void One_class_over_all_sites_is_an_error_and_at_one_site_a_warning()
    {
        IReadOnlyList<CohortFinding> everywhere = CohortChecks.CheckAll([Cohort("north", 1, 1, 1), Cohort("south", 1, 1, 1)]);
        Assert.Equal(FindingSeverity.Error, everywhere[0].Severity);
        Assert.Null(everywhere[0].Hospital);

        CohortFinding one = Assert.Single(CohortChecks.CheckAll([Cohort("north", 1, 0, 1), Cohort("south", 1, 1, 1)]));
        Assert.Equal((FindingSeverity.Warning, "south"), (one.Severity, one.Hospital));
    }

    [Fact]
    public void What_prevents_training_is_an_error()
    {
        static bool HasError(params HospitalCohort[] cohorts)
            => CohortChecks.CheckAll(cohorts).Any(f => f.Severity == FindingSeverity.Error);

        HospitalCohort north = Cohort("north", 0, 1, 0);
        HospitalCohort untested = new("south", north.Train, north.Test.Select([]));
        HospitalCohort other = new("south", Dataset.Create(["b"], [1, 2, 3], [0, 1, 0]), Dataset.Create(["b"], [1, 2], [0, 1]));
        Assert.True(HasError());
        Assert.True(HasError(north, Cohort("north", 1, 0, 1)));
        Assert.True(HasError(north, Cohort("south", 1)));
        Assert.True(HasError(north, untested));
        Assert.True(HasError(north, other));
        Assert.False(HasError(north));
    }

    [Fact]
    public void What_weakens_a_site_is_a_warning_that_names_it()
    {
        Dataset train = TestData.Table("a,b", ([1, 7], 0), ([2, 7], 1)), test = TestData.Table("a,b", ([1, 7], 1), ([2, 7], 1));
        IReadOnlyList<CohortFinding> findings = CohortChecks.CheckSite(new HospitalCohort("south", train, test));
        Assert.All(findings, f => Assert.Equal((FindingSeverity.Warning, "south"), (f.Severity, f.Hospital)));
        Assert.Contains(findings, f => f.Message.Contains("by heart", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Message.Contains("AUC", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Message.EndsWith("row: b.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("North")]
    [InlineData("st anne")]
    [InlineData("a234567890123456789012345678901234")]
    public void Names_that_no_member_could_have_are_refused(string name)
        => Assert.Throws<ArgumentException>(() => Cohort(name, 0, 1));
}
