using System.Globalization;
using System.Text;
using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Tables;

namespace QuantumFed.Models.Tests;

public sealed class PredictionTests
{
    public static TheoryData<ModelKind> Kinds => [ModelKind.Logistic, ModelKind.Softmax, ModelKind.Mlp];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Predictions_of_a_table_are_those_of_its_cohorts_to_the_bit(ModelKind kind)
    {
        string[] outcomes = kind == ModelKind.Logistic ? ["no", "yes"] : ["bad", "good", "unclear"];
        using TemporaryFile table = new(PatientTable.Text(3000, outcomes));
        PreparedTable prepared = TableSource.Prepare(new TableOptions(table.Path, "outcome", null, null, null, [], 3, 1));
        Dataset all = Dataset.Concatenate([.. prepared.Cohorts.SelectMany(cohort => new[] { cohort.Train, cohort.Test })]);
        Standardisation joint = Standardisation.FromRows(Dataset.Concatenate([.. prepared.Cohorts.Select(cohort => cohort.Train)]));
        ModelState state = TestModels.State(TestModels.Shape(kind, all.FeatureCount, outcomes.Length), joint);
        List<(int, string, int)> found = Predict(TestModels.Again(TestModels.File(state, prepared.Recipe.FeatureNames, prepared.ClassNames, prepared.Recipe)), table.Path, out PredictionSummary summary);
        Assert.Equal((all.RowCount, 0), (summary.RowCount, summary.LeftOut));
        Assert.Equal(Enumerable.Range(2, all.RowCount), found.Select(row => row.Item1));
        Predictions expected = ModelPredictor.Predict(state, joint.Apply(all));
        // The cohorts hold the file's rows in another order, so the whole predictions are compared as multisets.
        Assert.Equal(
            Enumerable.Range(0, all.RowCount).Select(i => (Bits(expected.Row(i)), expected.MostLikely(i))).Order(),
            found.Select(row => (row.Item2, row.Item3)).Order());
        Evaluation score = Evaluation.Of(state, joint.Apply(all));
        Assert.Equal(score, summary.Score);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Predictions_of_feature_columns_are_those_of_the_cohort_to_the_bit(ModelKind kind)
    {
        int classes = kind == ModelKind.Logistic ? 2 : 4;
        HospitalCohort cohort = SyntheticReadmissionSource.Generate(3, 2).Cohorts[0];
        Standardisation own = Standardisation.FromRows(cohort.Train);
        ModelState state = TestModels.State(TestModels.Shape(kind, cohort.Train.FeatureCount, classes), null);
        ModelFile file = TestModels.Again(TestModels.File(
            state, cohort.Train.FeatureNames, [.. Enumerable.Range(0, classes).Select(c => $"{c}")], null, new OwnStandardisation(MemberId.Parse("north"), own)));
        Assert.Equal("north", file.Own!.Member.Name);
        StringWriter csv = new();
        DatasetCsv.Write(cohort.Test, csv);
        using TemporaryFile table = new(csv.ToString());
        List<(int, string, int)> found = Predict(file, table.Path, out PredictionSummary summary);
        Dataset standardised = cohort.Standardise(null).Test;
        Predictions expected = ModelPredictor.Predict(state, standardised);
        Assert.Equal(Enumerable.Range(0, standardised.RowCount).Select(i => (i + 2, Bits(expected.Row(i)), expected.MostLikely(i))), found);
        Assert.Equal(Evaluation.Of(state, standardised), summary.Score);
    }

    [Fact]
    public void Columns_may_stand_in_any_order_and_rows_without_a_number_are_left_out_by_line()
    {
        ModelFile file = TwoColumns();
        using TemporaryFile straight = new("a,b\n1,2\n3,4\n");
        using TemporaryFile turned = new("extra,b,a\nx,2,1\nx,n/a,3\nx,1\nx,1e999,3\n\nx,4,3\nx,1e308,1\n");
        List<(int, string, int)> first = Predict(file, straight.Path, out _), second = Predict(file, turned.Path, out PredictionSummary summary);
        Assert.Equal([2, 7], second.Select(row => row.Item1));
        Assert.Equal(first.Select(row => row.Item2), second.Select(row => row.Item2));
        Assert.Equal((2, 4), (summary.RowCount, summary.LeftOut));
        Assert.Null(summary.Score);
        Assert.Contains("1 row left out, without the fields that the first line names or with broken quotes: line 4.", summary.Notes);
        Assert.Contains("2 rows left out, where column 'b' is not a number: lines 3, 5.", summary.Notes);
        Assert.Contains(summary.Notes, note => note.Contains("too large to standardise, from line 8 on", StringComparison.Ordinal));
        Assert.Contains("columns that the model does not know, and ignores: extra.", summary.Notes);
    }

    [Fact]
    public void A_row_with_a_label_that_is_no_class_is_predicted_and_not_scored()
    {
        using TemporaryFile table = new("a,b,label\n1,2,1\n3,4,7\n5,6,\n");
        Predict(TwoColumns(), table.Path, out PredictionSummary summary);
        Assert.Equal((3, 1), (summary.RowCount, summary.Score!.RowCount));
        Assert.Null(summary.Score.Auc);
    }

    [Fact]
    public void A_file_without_a_needed_column_or_without_rows_gives_no_prediction()
    {
        using TemporaryFile lacking = new("a,c\n1,2\n");
        TableException e = Assert.Throws<TableException>(() => Predict(TwoColumns(), lacking.Path, out _));
        Assert.StartsWith("there is no column 'b' that the model needs", e.Reason, StringComparison.Ordinal);
        using TemporaryFile empty = new("a,b\n");
        Assert.Empty(Predict(TwoColumns(), empty.Path, out PredictionSummary summary));
        Assert.Equal(0, summary.RowCount);
    }

    [Fact]
    public void A_model_of_one_feature_takes_a_table_of_one_column()
    {
        Assert.True(Standardisation.TryCreate([0], [1], out Standardisation? standardisation));
        ModelFile file = TestModels.File(TestModels.State(ModelShape.Logistic(1), standardisation), ["a"], ["0", "1"]);
        using TemporaryFile table = new("a\n1\n2\n");
        Assert.Equal(2, Predict(file, table.Path, out _).Count);
    }

    [Fact]
    public void Nobody_predicts_by_an_opaque_model() => Assert.Null(TablePredictor.For(TestModels.Small(ModelKind.Opaque)));

    [Fact]
    public void Interruption_stops_a_prediction()
    {
        using TemporaryFile table = new("a,b\n1,2\n");
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => TablePredictor.For(TwoColumns())!.Predict(table.Path, (_, _, _) => { }, source.Token));
    }

    [Fact]
    public void Written_probabilities_read_back_as_the_same_doubles()
    {
        double[] probabilities = [0.1 + 0.2, 1 - (0.1 + 0.2)];
        StringWriter csv = new(), json = new();
        new PredictionCsv(csv, ["no", "yes"]).Write(2, 1, probabilities);
        new PredictionJson(json, ["no", "yes"]).Write(2, 1, probabilities);
        Assert.Equal("line,predicted,probability\n2,yes,0.7\n", csv.ToString().Replace(probabilities[1].ToString("R", CultureInfo.InvariantCulture), "0.7", StringComparison.Ordinal));
        Assert.Equal("{\"line\":2,\"predicted\":\"yes\",\"probabilities\":{\"no\":0.30000000000000004,\"yes\":0.7}}\n",
            json.ToString().Replace(probabilities[1].ToString("R", CultureInfo.InvariantCulture), "0.7", StringComparison.Ordinal));
    }

    [Fact]
    public void A_class_name_is_no_formula_for_a_spreadsheet()
    {
        StringWriter csv = new();
        PredictionCsv writer = new(csv, ["=1+1", "-1", "@x;y", "+a"]);
        for (int c = 0; c < 4; c++) writer.Write(c + 2, c, [0.25, 0.25, 0.25, 0.25]);
        Assert.Equal(
            "line,predicted,probability =1+1,probability -1,\"probability @x;y\",probability +a\n2,'=1+1,0.25,0.25,0.25,0.25\n3,-1,0.25,0.25,0.25,0.25\n"
            + "4,\"'@x;y\",0.25,0.25,0.25,0.25\n5,'+a,0.25,0.25,0.25,0.25\n",
            csv.ToString());
    }

    private static ModelFile TwoColumns()
    {
        Assert.True(Standardisation.TryCreate([1, -1], [2, 1e-9], out Standardisation? standardisation));
        return TestModels.File(TestModels.State(ModelShape.Logistic(2), standardisation), ["a", "b"], ["0", "1"]);
    }

    private static List<(int Line, string Bits, int Predicted)> Predict(ModelFile file, string path, out PredictionSummary summary)
    {
        List<(int, string, int)> found = [];
        summary = TablePredictor.For(file)!.Predict(path, (line, predicted, probabilities) => found.Add((line, Bits(probabilities), predicted)), Token);
        return found;
    }

    private static string Bits(ReadOnlySpan<double> numbers)
    {
        StringBuilder text = new();
        foreach (double number in numbers) text.Append(CultureInfo.InvariantCulture, $"{BitConverter.DoubleToInt64Bits(number):x16}");
        return text.ToString();
    }
}
