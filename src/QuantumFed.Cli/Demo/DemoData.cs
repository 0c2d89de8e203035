using QuantumFed.Learning;

namespace QuantumFed.Cli;

/// <summary>The hospitals of a demo, with what is known of their data.</summary>
/// <param name="Title">What to call the data wherever it is shown.</param>
/// <param name="Cohorts">The hospitals, raw rows.</param>
/// <param name="BestAuc">The best AUC any model can reach on the test rows, where the data is generated and this is known.</param>
internal sealed record DemoData(string Title, IReadOnlyList<HospitalCohort> Cohorts, double? BestAuc)
{
    /// <summary>Reads or generates what the options ask for.</summary>
    /// <exception cref="UsageException">The options do not fit the data set, or the data cannot be learned from.</exception>
    public static DemoData Load(DemoOptions options, Action<string> warn)
    {
        DemoData data = options.Dataset == HeartDiseaseSource.Name ? Heart(options) : Synthetic(options);
        foreach (CohortFinding finding in CohortChecks.CheckAll(data.Cohorts))
        {
            if (finding.Severity == FindingSeverity.Error)
                throw new UsageException(finding.ToString());
            warn(finding.ToString());
        }
        return data;
    }

    private static DemoData Heart(DemoOptions options) => new(
        "UCI heart disease, four real hospitals",
        HeartDiseaseSource.Read(options.DataFolder
            ?? throw new UsageException("--dataset heart needs --data DIR: the folder with the UCI heart disease files and flamby_split.csv.")),
        BestAuc: null);

    private static DemoData Synthetic(DemoOptions options)
    {
        SyntheticReadmissions generated = SyntheticReadmissionSource.Generate(options.Members, options.Seed);
        return new DemoData("synthetic hospital readmissions (generated, no real patients)", generated.Cohorts, generated.BestAuc);
    }
}
