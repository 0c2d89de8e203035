namespace QuantumFed.Learning.Tests;

public sealed class HeartDiseaseSourceTests
{
    [Fact]
    public void The_four_centres_have_FLambys_rows()
    {
        IReadOnlyList<HospitalCohort> cohorts = HeartDiseaseSource.Read(SharedData.HeartDirectory());
        Assert.Equal(
            [("cleveland", 199, 104), ("hungarian", 172, 89), ("switzerland", 30, 16), ("va", 85, 45)],
            cohorts.Select(c => (c.Name, c.Train.RowCount, c.Test.RowCount)));
        Assert.All(cohorts, c => Assert.Equal(HeartDiseaseSource.FeatureNames, c.Train.FeatureNames));
        Assert.Equal(13, HeartDiseaseSource.FeatureNames.Count);
        // The file's first line: 63.0,1.0,1.0,145.0,233.0,1.0,2.0,150.0,0.0,2.3,3.0,0.0,6.0,0.
        Assert.Equal([63, 1, 145, 233, 1, 150, 0, 2.3, 0, 0, 0, 0, 1], cohorts[0].Train.Row(0).ToArray());
        Assert.Equal(0, cohorts[0].Train.Labels[0]);
    }

    [Fact]
    public void One_class_in_Switzerlands_training_rows_is_a_warning()
    {
        IReadOnlyList<CohortFinding> findings = CohortChecks.CheckAll(HeartDiseaseSource.Read(SharedData.HeartDirectory()));
        Assert.All(findings, f => Assert.Equal((FindingSeverity.Warning, "switzerland"), (f.Severity, f.Hospital)));
        Assert.Contains(findings, f => f.Message.Contains("all 30 training rows have label 1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_folder_says_what_to_do()
    {
        string nowhere = Path.Combine(Path.GetTempPath(), $"qf-{Guid.NewGuid():n}");
        DatasetUnavailableException e = Assert.Throws<DatasetUnavailableException>(() => HeartDiseaseSource.Read(nowhere));
        Assert.Equal(("heart", Path.Combine(nowhere, "flamby_split.csv")), (e.Dataset, e.File));
        Assert.Contains("--data", e.Remedy, StringComparison.Ordinal);
        Assert.Contains(e.Remedy, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("processed.va.data", 1, "63,1,4,140,260,0,1,112,1,3,2,?,?", "13 fields")]
    [InlineData("processed.va.data", 1, "63,1,5,140,260,0,1,112,1,3,2,?,?,2", "cp")]
    [InlineData("processed.va.data", 1, "63,1,4,140,260,0,3,112,1,3,2,?,?,2", "restecg")]
    [InlineData("processed.va.data", 1, "63,1,4,140,260,0,1,112,1,3,2,?,?,9", "num")]
    [InlineData("processed.va.data", 1, "old,1,4,140,260,0,1,112,1,3,2,?,?,2", "'age'")]
    [InlineData("flamby_split.csv", 1, "a,b", "first line")]
    [InlineData("flamby_split.csv", 2, "berlin,1,0,0,train", "line is")]
    [InlineData("flamby_split.csv", 2, "cleveland,1,0,1,train", "label differs")]
    [InlineData("flamby_split.csv", 2, "cleveland,1,0,0,both", "line is")]
    [InlineData("flamby_split.csv", 2, "cleveland,2,0,0,train", "not the next row")]
    public void An_altered_line_is_named(string file, int line, string text, string reason)
    {
        string source = SharedData.HeartDirectory();
        string copy = Directory.CreateTempSubdirectory("qf-heart-").FullName;
        try
        {
            foreach (string path in Directory.EnumerateFiles(source)) File.Copy(path, Path.Combine(copy, Path.GetFileName(path)));
            string target = Path.Combine(copy, file);
            string[] lines = File.ReadAllLines(target);
            lines[line - 1] = text;
            File.WriteAllLines(target, lines);

            DatasetFormatException e = Assert.Throws<DatasetFormatException>(() => HeartDiseaseSource.Read(copy));
            Assert.Equal((target, line), (e.File, e.Fault.Line));
            Assert.Contains(reason, e.Fault.Reason, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Theory]
    [InlineData("processed.va.data")]
    [InlineData("flamby_split.csv")]
    public void A_truncated_file_is_refused(string file)
    {
        string source = SharedData.HeartDirectory();
        string copy = Directory.CreateTempSubdirectory("qf-heart-").FullName;
        try
        {
            foreach (string path in Directory.EnumerateFiles(source)) File.Copy(path, Path.Combine(copy, Path.GetFileName(path)));
            string target = Path.Combine(copy, file);
            File.WriteAllLines(target, File.ReadAllLines(target)[..^1]);
            Assert.Throws<DatasetFormatException>(() => HeartDiseaseSource.Read(copy));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }
}
