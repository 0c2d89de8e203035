using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>Trains the same task in every way, on the same rows, and tabulates what each costs and shows.</summary>
internal static class CompareRunner
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <summary>Runs it; progress goes to <paramref name="progress"/>, the result to <paramref name="output"/>.</summary>
    public static async Task<ExitCode> RunAsync(
        CompareOptions options, TextWriter output, TextWriter progress, TimeProvider time, CancellationToken cancellation)
    {
        void Tell(string text) => progress.WriteLine($"qf: {NodeEvent.OneLine(text)}");
        Transport.OpenSslVersion.RequirePostQuantum();
        CohortData data = CohortData.Load(options.Data, Tell, cancellation);
        LearningTask task = TaskBuilder.Build(data, options.Training, options.Data.Seed);
        if (RoundTask.RoundCount(task) < 2)
            throw new UsageException("A comparison is timed from the end of the first round to the end of the last; take at least --rounds 2.");
        cancellation.ThrowIfCancellationRequested();
        using DemoWorkspace workspace = DemoWorkspace.Claim(options.Folder);
        WorkspaceLayout layout = workspace.Layout;
        var score = new CohortScore(data.Cohorts, task, options.Data.Seed);

        Tell("plain federation, over the network");
        (WorkspaceLayout plainLayout, ConsortiumAgreement plainAgreement) = Found(layout, "plain", data, task, options, time);
        NetworkTiming plain = await PlainRun.RunAsync(plainLayout, plainAgreement, Tell, cancellation);
        Tell("encrypted federation, over the network");
        (WorkspaceLayout encryptedLayout, ConsortiumAgreement encryptedAgreement) = Found(layout, "encrypted", data, task, options, time);
        NetworkTiming encrypted = await EncryptedRun.RunAsync(encryptedLayout, encryptedAgreement, Tell, time, cancellation);

        ComparedWay plainWay = Over("plain federated", plain, score, "every member's update and row count", "network, no ledger");
        ComparedWay encryptedWay = Over("QuantumFed", encrypted, score, "the sum over all members, and who took part", "network, ledger, replay");
        List<ComparedWay> ways = [plainWay, encryptedWay];
        if (!options.NetworkOnly)
        {
            Tell("pooled, local-only and the simulated ways, in this process");
            ways =
            [
                .. InOneProcess(data, task, score, encrypted.Model.Standardisation, cancellation),
                plainWay,
                .. await Task.Run(() => Simulated(data, task, options, encrypted.Model.Standardisation, score, cancellation), cancellation),
                encryptedWay,
            ];
        }
        var result = new ComparisonResult(
            1, data.Title, $"{task.Method.ToString().ToLowerInvariant()}, {TaskTerms.ShapeOf(task)}", options.Data.Seed, data.Cohorts.Count, task.Rounds, ways,
            encrypted.Seconds / plain.Seconds, encrypted.MedianRoundSeconds / plain.MedianRoundSeconds, encrypted.Verified);
        string json = JsonSerializer.Serialize(result, Json);
        string path = Path.Combine(layout.Root, "comparison.json");
        DurableFile.Write(path, System.Text.Encoding.UTF8.GetBytes(json + "\n"));
        if (options.Json)
            await output.WriteLineAsync(json);
        else
            ComparisonText.Write(output, result, options, path);
        return encrypted.Verified ? ExitCode.Success : ExitCode.AuditFailed;
    }

    private static (WorkspaceLayout Layout, ConsortiumAgreement Agreement) Found(
        WorkspaceLayout root, string name, CohortData data, LearningTask task, CompareOptions options, TimeProvider time)
    {
        using DemoWorkspace workspace = DemoWorkspace.Claim(Path.Combine(root.Root, name));
        WorkspaceLayout layout = workspace.Layout;
        IReadOnlyList<int> ports = DemoNetwork.FreePorts(2);
        (int ledgerPort, int coordinatorPort) = (ports[0], ports[1]);
        return (layout, WorkspaceFactory.Create(
            layout,
            new WorkspaceRequest("QuantumFed comparison", data.Cohorts, task, ledgerPort, coordinatorPort, options.CommitTime, options.Data.Seed), time));
    }

    private static IEnumerable<ComparedWay> InOneProcess(
        CohortData data, LearningTask task, CohortScore score, Standardisation? standardisation, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        Evaluation pooled = score.OnAll(score.Pooled(standardisation, cancellation) ?? throw Diverged("Pooled training"));
        yield return new ComparedWay("pooled", pooled.Accuracy, pooled.Auc, watch.Elapsed.TotalSeconds, null, null, "every row", "one process");
        watch.Restart();
        double right = 0, rows = 0;
        foreach (HospitalCohort cohort in data.Cohorts)
        {
            Evaluation local = CohortScore.On(score.Local(cohort, cancellation) ?? throw Diverged($"Training by {cohort.Name} alone"), cohort);
            right += local.Accuracy * cohort.Test.RowCount;
            rows += cohort.Test.RowCount;
        }
        yield return new ComparedWay("local-only", right / rows, null, watch.Elapsed.TotalSeconds, null, null, "nothing", "one process");
    }

    private static InvalidDataException Diverged(string way) => new($"{way} diverged; a lower --learning-rate may help.");

    private static List<ComparedWay> Simulated(
        CohortData data, LearningTask task, CompareOptions options, Standardisation? standardisation, CohortScore score, CancellationToken cancellation)
    {
        // These two average updates; where the task is Newton's, they train the same model by plain federated averaging.
        LearningTask averaging = task.Averaging is not null && TaskTerms.OptimizerOf(task).Rule == ServerRule.Average
            ? task
            : TaskBuilder.Build(data, options.Training with { Method = TrainingMethod.FedAvg }, options.Data.Seed);
        var federation = new OneProcessFederation(data.Cohorts, averaging, options.Data.Seed);
        var masks = new SimulatedPairwiseMasks(averaging, data.Cohorts.Count);
        string method = averaging.Method.ToString().ToLowerInvariant();
        // As over the network, where the first round is not counted: the standardisation's, or a round of training without one.
        int counted = RoundTask.RoundCount(averaging) - 1;
        double model = RoundTask.InitialModel(averaging).ToCanonicalBytes().Length;
        var watch = Stopwatch.StartNew();
        Evaluation noisy = score.OnAll(federation.Train(standardisation, new SimulatedNoise(averaging, options.Epsilon, options.Delta).Add, cancellation));
        double noisySeconds = watch.Elapsed.TotalSeconds;
        watch.Restart();
        Evaluation masked = score.OnAll(federation.Train(standardisation, masks.Add, cancellation));
        string noise = string.Create(CultureInfo.InvariantCulture, $"{method} with noise, epsilon {options.Epsilon:R}");
        return
        [
            new ComparedWay(
                noise, noisy.Accuracy, noisy.Auc, noisySeconds, null, counted * (model + sizeof(float) * TaskTerms.ShapeOf(averaging).ParameterCount),
                "clipped updates; the models are noisy", "simulated, one process"),
            new ComparedWay(
                $"{method} with pairwise masks", masked.Accuracy, masked.Auc, watch.Elapsed.TotalSeconds, null, counted * (model + masks.BytesPerRound),
                "the sum, and who took part", "simulated, one process"),
        ];
    }

    private static ComparedWay Over(string name, NetworkTiming run, CohortScore score, string sees, string kind)
    {
        Evaluation evaluation = score.OnAll(run.Model);
        return new ComparedWay(name, evaluation.Accuracy, evaluation.Auc, run.Seconds, run.MedianRoundSeconds, run.BytesPerMember, sees, kind);
    }
}
