namespace QuantumFed.Learning.Tests;

/// <summary>What the defaults reach on test rows, which had no part in choosing them: 10 rounds, joint standardisation, in the clear.</summary>
public sealed class TrainingDefaultsTests
{
    private const int Rounds = 10;

    /// <summary>Method, kind, and the least accuracy and AUC on the heart data's 254 test rows.</summary>
    public static TheoryData<string, string, double, double> Methods => new()
    {
        { "fedavg", "logistic", 0.78, 0.87 }, { "fedprox", "logistic", 0.78, 0.87 }, { "scaffold", "logistic", 0.78, 0.87 },
        { "fedadam", "logistic", 0.78, 0.87 }, { "fedyogi", "logistic", 0.78, 0.87 }, { "fedavg", "softmax", 0.78, 0.87 },
        { "fedavg", "mlp", 0.76, 0.85 }, { "fedprox", "mlp", 0.76, 0.85 }, { "scaffold", "mlp", 0.76, 0.85 },
        { "fedadam", "mlp", 0.70, 0.80 }, { "fedyogi", "mlp", 0.70, 0.80 },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_learns_the_heart_data(string method, string kind, double accuracy, double auc)
    {
        IReadOnlyList<HospitalCohort> cohorts = HeartDiseaseSource.Read(SharedData.HeartDirectory());
        (Evaluation evaluation, ClearGradientFederation federation) = Run(cohorts, method, kind);
        Assert.True(evaluation.Accuracy >= accuracy && evaluation.Auc >= auc, evaluation.ToString());
        Assert.True(federation.UpdateNorms.Max() < TrainingDefaults.ClipNorm, $"an update of {federation.UpdateNorms.Max()} was clipped");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_learns_the_synthetic_data(string method, string kind, double accuracy, double auc)
    {
        _ = (accuracy, auc);
        (Evaluation evaluation, ClearGradientFederation federation) = Run(SyntheticReadmissionSource.Generate(4, seed: 1).Cohorts, method, kind);
        Assert.True(evaluation.Auc > 0.78, evaluation.ToString());
        Assert.True(federation.UpdateNorms.Max() < TrainingDefaults.ClipNorm, $"an update of {federation.UpdateNorms.Max()} was clipped");
    }

    [Fact]
    public void Defaults_are_settings_that_training_takes()
    {
        foreach (ModelKind kind in Enum.GetValues<ModelKind>())
            Assert.NotNull(GradientData.Train(
                GradientData.Model(ModelShape.Logistic(2), seed: 1), GradientData.Rows(5, 2, 2, seed: 1), TrainingDefaults.For(kind)));
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingDefaults.For((ModelKind)99));
    }

    internal static (Evaluation Evaluation, ClearGradientFederation Federation) Run(IReadOnlyList<HospitalCohort> cohorts, string method, string kind)
    {
        Standardisation standardisation = Standardisation.FromRows(Dataset.Concatenate([.. cohorts.Select(c => c.Train)]));
        int d = cohorts[0].Train.FeatureCount;
        ModelShape shape = kind switch { "logistic" => ModelShape.Logistic(d), "softmax" => ModelShape.Softmax(d, 2), _ => ModelShape.Mlp(d, [32], 2) };
        LocalTraining settings = TrainingDefaults.For(shape.Kind);
        if (method == "fedprox") settings = settings with { Proximal = TrainingDefaults.Proximal };
        (ClearServerRule rule, double rate) = method switch
        {
            "fedadam" => (ClearServerRule.FedAdam, TrainingDefaults.AdaptiveServerLearningRate),
            "fedyogi" => (ClearServerRule.FedYogi, TrainingDefaults.AdaptiveServerLearningRate),
            "scaffold" => (ClearServerRule.Scaffold, TrainingDefaults.ServerLearningRate),
            _ => (ClearServerRule.FedAvg, TrainingDefaults.ServerLearningRate),
        };
        ClearGradientFederation federation = new([.. cohorts.Select(c => standardisation.Apply(c.Train))], settings, rule, rate);
        ModelState model = federation.Train(shape, Rounds);
        Evaluation evaluation = Evaluation.Of(model, Dataset.Concatenate([.. cohorts.Select(c => standardisation.Apply(c.Test))]));
        return (evaluation, federation);
    }
}
