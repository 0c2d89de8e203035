using QuantumFed.Learning;
using QuantumFed.Tables;

namespace QuantumFed.Cli;

/// <summary>The hospitals of a demo or a comparison, with what is known of their data.</summary>
/// <param name="Title">What to call the data wherever it is shown.</param>
/// <param name="Cohorts">The hospitals, raw rows.</param>
/// <param name="ClassNames">The label's classes, in order; 0 and 1 where they have no names.</param>
/// <param name="Magnitudes">For each feature the power of two that its values are near.</param>
/// <param name="Table">What was done to the columns of a table; null for data that came prepared.</param>
/// <param name="BestAuc">The best AUC any model can reach on the test rows, where the data is generated and this is known.</param>
internal sealed record CohortData(
    string Title, IReadOnlyList<HospitalCohort> Cohorts, IReadOnlyList<string> ClassNames, IReadOnlyList<int> Magnitudes, PreparedTable? Table,
    double? BestAuc)
{
    /// <summary>Whether the rows were generated.</summary>
    public bool Synthetic => BestAuc is not null;

    /// <summary>Reads or generates what was chosen.</summary>
    /// <exception cref="UsageException">Its folder is not found.</exception>
    /// <exception cref="InvalidDataException">It cannot be learned from.</exception>
    /// <exception cref="TableException">The table cannot be used.</exception>
    public static CohortData Load(DatasetChoice choice, Action<string> warn, CancellationToken cancellation)
    {
        void GoOn(double share) => cancellation.ThrowIfCancellationRequested();
        CohortData data = choice.Name switch
        {
            DatasetChoice.CsvName => Prepared(TableSource.Prepare(new TableOptions(
                CommandRunner.PathOf("--csv", choice.Csv!), choice.Label!, choice.Positive, choice.Site, choice.Group, choice.Dropped, choice.Members, choice.Seed), GoOn)),
            DiabetesReadmissionSource.Name => Prepared(DiabetesReadmissionSource.Read(FolderOf(choice, "diabetes130"), choice.Seed, GoOn)),
            HeartDiseaseSource.Name => Plain("UCI heart disease, four real hospitals", HeartDiseaseSource.Read(FolderOf(choice, HeartDiseaseSource.Name)), null),
            _ => Generated(SyntheticReadmissionSource.Generate(choice.Members, choice.Seed)),
        };
        foreach (CohortFinding finding in CohortChecks.CheckAll(data.Cohorts))
        {
            if (finding.Severity == FindingSeverity.Error)
                throw new InvalidDataException(finding.ToString());
            warn(finding.ToString());
        }
        return data;
    }

    private static CohortData Prepared(PreparedTable table) =>
        new(table.Title, table.Cohorts, table.ClassNames, table.Magnitudes, table, BestAuc: null);

    private static CohortData Generated(SyntheticReadmissions generated) =>
        Plain("synthetic hospital readmissions (generated, no real patients)", generated.Cohorts, generated.BestAuc);

    private static CohortData Plain(string title, IReadOnlyList<HospitalCohort> cohorts, double? bestAuc) =>
        new(title, cohorts, ["0", "1"], FeatureMagnitudes.Of([.. cohorts.Select(cohort => cohort.Train)]), null, bestAuc);

    private static string FolderOf(DatasetChoice choice, string name)
    {
        if (choice.Folder is { } given)
            return CommandRunner.PathOf("--data", given);
        string[] candidates = [Path.Combine("data", name), Path.Combine("..", "shared", "data", name)];
        return candidates.FirstOrDefault(Directory.Exists)
            ?? throw new UsageException($"--dataset {choice.Name} needs --data DIR, the folder of its files; neither {string.Join(" nor ", candidates)} is there.");
    }
}
