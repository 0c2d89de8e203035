using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Cli;
using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>
/// What the command line's own defaults reach on real test rows: options parsed, data prepared, the members' own training, fixed point, sums and steps as in
/// a demo. Only encryption is left out, which adds exact integers and so changes nothing.
/// </summary>
public sealed class RealDataFiguresTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Averaging_classifies_78_percent_of_the_heart_test_rows()
    {
        CohortData data = Load($"--dataset heart --data {Requires.HeartData()}", seed: 1);
        Evaluation evaluation = await TrainAsync(data, "--standardise federated --algorithm fedavg", seed: 1);
        Assert.Equal(254, evaluation.RowCount);
        Assert.True(evaluation.Accuracy >= 0.78, evaluation.ToString());
    }

    [Fact]
    public async Task The_diabetes_AUC_is_0_66_and_close_to_that_of_all_rows_in_one_place()
    {
        string folder = Requires.DiabetesData();
        double newton = 0, averaging = 0, pooled = 0;
        for (long seed = 1; seed <= 3; seed++)
        {
            CohortData data = Load($"--dataset diabetes --data {folder}", seed);
            newton += (await TrainAsync(data, "", seed)).Auc!.Value / 3;
            averaging += (await TrainAsync(data, "--algorithm fedavg", seed)).Auc!.Value / 3;

            // Both are held against the better of the pooled models: Newton's to convergence, not as many epochs of gradient steps.
            Dataset train = Dataset.Concatenate([.. data.Cohorts.Select(cohort => cohort.Train)]), test = Dataset.Concatenate([.. data.Cohorts.Select(cohort => cohort.Test)]);
            Standardisation standardisation = Standardisation.FromRows(train);
            pooled += Evaluation.Of(LocalNewton.Fit(standardisation.Apply(train)).Model, standardisation.Apply(test)).Auc!.Value / 3;
        }

        string figures = $"newton {newton:F4}, fedavg {averaging:F4}, pooled {pooled:F4}";
        Assert.True(newton >= 0.66 && averaging >= 0.66, figures);
        Assert.True(newton >= pooled - 0.007 && averaging >= pooled - 0.007, figures);
    }

    private static CohortData Load(string options, long seed)
    {
        var data = new DatasetOptions();
        return CohortData.Load(data.Read(Parse(data.AddTo, $"{options} --seed {seed}")), warn: _ => { }, Token);
    }

    private static async Task<Evaluation> TrainAsync(CohortData data, string options, long seed)
    {
        var training = new TrainingOptions();
        LearningTask task = TaskBuilder.Build(data, training.Read(Parse(training.AddTo, options)), seed);
        using TemporaryFolder folder = new();
        MemberTraining[] members =
        [
            .. data.Cohorts.Select(cohort => new MemberTraining(
                task, MemberId.Parse(cohort.Name), cohort.Train, trainer: null, seed, new ControlVariateFile(folder.At(cohort.Name)), TimeProvider.System,
                NullLogger.Instance)),
        ];
        ModelState model = RoundTask.InitialModel(task);
        for (int round = 0; round < RoundTask.RoundCount(task); round++)
        {
            ulong[] sums = new ulong[RoundTask.ValueCount(task, RoundTask.PurposeOf(task, model))];
            foreach (MemberTraining member in members)
            {
                MemberContribution contribution = await member.ContributeAsync(new RoundId((ulong)round), model, Token);
                Assert.Equal(sums.Length, contribution.Values.Length);
                for (int i = 0; i < sums.Length; i++)
                    sums[i] += contribution.Values[i];
            }
            Assert.True(RoundTask.TryStep(task, model, sums, members.Length, members.Length, out ModelState? next, out string? failure), failure);
            model = next;
        }
        return new CohortScore(data.Cohorts, task, seed).OnAll(model);
    }

    private static ParseResult Parse(Action<Command> add, string options)
    {
        var command = new Command("demo");
        add(command);
        ParseResult parsed = command.Parse(options);
        Assert.Empty(parsed.Errors);
        return parsed;
    }
}
