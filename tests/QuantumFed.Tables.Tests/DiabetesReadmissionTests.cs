using QuantumFed.Learning;

namespace QuantumFed.Tables.Tests;

public sealed class DiabetesReadmissionTests
{
    [Fact]
    public void The_published_file_gives_seven_members_and_the_AUC_that_is_reported()
    {
        string folder = Folder();
        PreparedTable table = DiabetesReadmissionSource.Read(folder, 1);
        Assert.Equal(
            [("cardiology", 3686, 1593), ("emergency", 5220, 2199), ("family-practice", 5065, 2187), ("internal-medicine", 9959, 4278),
                ("other-specialties", 6252, 2625), ("surgery", 5395, 2268), ("unknown", 33971, 14645)],
            table.Cohorts.Select(c => (c.Name, c.Train.RowCount, c.Test.RowCount)));
        Assert.Contains(table.Notes, n => n.StartsWith("2423 rows left out, ended in death or a hospice", StringComparison.Ordinal));
        Assert.Equal(["not <30", "<30"], table.ClassNames);
        Assert.InRange(table.Recipe.FeatureNames.Count, 60, 200);
        Assert.Contains("diag_1=respiratory", table.Recipe.FeatureNames);
        Assert.True(TableRecipe.TryParse(table.Recipe.ToJson(), out _, out string failure), failure);

        Dataset train = Dataset.Concatenate([.. table.Cohorts.Select(c => c.Train)]), test = Dataset.Concatenate([.. table.Cohorts.Select(c => c.Test)]);
        Standardisation standardisation = Standardisation.FromRows(train);
        LocalFit fit = LocalNewton.Fit(standardisation.Apply(train), 1, 6);
        Assert.InRange(Evaluation.Of(fit.Model, standardisation.Apply(test)).Auc!.Value, 0.6665, 0.6675);
    }

    [Fact]
    public void A_missing_folder_says_what_to_do()
    {
        DatasetUnavailableException e = Assert.Throws<DatasetUnavailableException>(() => DiabetesReadmissionSource.Read("/nowhere", 1));
        Assert.Contains("--data", e.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("250.83", CellReading.Icd9Chapter, "diabetes")]
    [InlineData("428", CellReading.Icd9Chapter, "circulatory")]
    [InlineData("V57", CellReading.Icd9Chapter, "supplementary")]
    [InlineData("E888", CellReading.Icd9Chapter, "external cause")]
    [InlineData("786.5", CellReading.Icd9Chapter, "symptoms")]
    [InlineData("999", CellReading.Icd9Chapter, "injury")]
    [InlineData("8", CellReading.Icd9Chapter, "infection")]
    [InlineData("?", CellReading.Icd9Chapter, "?")]
    [InlineData("1000", CellReading.Icd9Chapter, "1000")]
    [InlineData("250.83", CellReading.Icd9Category, "250")]
    [InlineData("[70-80)", CellReading.BandMiddle, "75")]
    [InlineData(">200", CellReading.BandMiddle, ">200")]
    public void Codes_are_read_as_their_standard_says(string cell, CellReading reading, string expected)
        => Assert.Equal(expected, CodedText.Read(cell, reading).ToString());

    private static string Folder()
    {
        string? shared = Environment.GetEnvironmentVariable("QF_SHARED");
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); string.IsNullOrEmpty(shared) && folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "QuantumFed.sln"))) shared = Path.Combine(folder.FullName, "..", "shared");
        string? data = shared is null ? null : Path.Combine(shared, "data", "diabetes130");
        Assert.SkipUnless(data is not null && File.Exists(Path.Combine(data, DiabetesReadmissionSource.FileName)),
            "needs shared/data/diabetes130 (UCI diabetes 130-US hospitals) beside the repository; QF_SHARED names the folder 'shared' elsewhere");
        return data!;
    }
}
