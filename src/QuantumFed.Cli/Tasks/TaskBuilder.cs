using System.Numerics;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>From what was chosen to the task that a consortium agrees on.</summary>
internal static class TaskBuilder
{
    private const int DefaultHidden = 32;

    /// <summary>Builds the task.</summary>
    /// <exception cref="UsageException">The choice does not fit the data.</exception>
    public static LearningTask Build(CohortData data, TrainingChoice choice, long seed)
    {
        int classes = data.ClassNames.Count;
        AgreedModelKind kind = choice.Model ?? (classes > 2 ? AgreedModelKind.Softmax : AgreedModelKind.Logistic);
        if (classes > 2 && (kind == AgreedModelKind.Logistic || choice.Method == TrainingMethod.Newton))
            throw new UsageException(
                $"The label has {classes} classes; a logistic model tells two apart. Take --model softmax or mlp, or name one value with --positive.");
        TrainingMethod method = choice.Method ?? (kind == AgreedModelKind.Logistic ? TrainingMethod.Newton : TrainingMethod.FedAvg);
        Dataset train = data.Cohorts[0].Train;
        return new LearningTask
        {
            Dataset = data.Title,
            Method = method,
            Model = new AgreedModel(kind, classes, kind == AgreedModelKind.Mlp ? choice.Hidden ?? [DefaultHidden] : [], OpaqueParameters: 0, seed),
            Features = [.. train.FeatureNames],
            Magnitudes = data.Magnitudes,
            Standardise = choice.Standardise,
            L2 = method == TrainingMethod.Newton ? NewtonStep.DefaultL2 : 0,
            Rounds = choice.Rounds,
            Averaging = method == TrainingMethod.Newton ? null : TermsOf(data, choice, kind, method),
        };
    }

    private static AveragingTerms TermsOf(CohortData data, TrainingChoice choice, AgreedModelKind kind, TrainingMethod method)
    {
        TrainingDefaults defaults = TrainingDefaults.For(
            kind switch { AgreedModelKind.Mlp => ModelKind.Mlp, AgreedModelKind.Softmax => ModelKind.Softmax, _ => ModelKind.Logistic }, RuleOf(method));
        return new AveragingTerms
        {
            Epochs = choice.Epochs ?? defaults.Local.Epochs,
            BatchSize = choice.BatchSize ?? defaults.Local.BatchSize,
            LearningRate = choice.LearningRate ?? defaults.Local.LearningRate,
            Optimizer = defaults.Local.Optimizer == LocalOptimizer.Adam ? AgreedOptimizer.Adam : AgreedOptimizer.Sgd,
            WeightDecay = choice.WeightDecay ?? defaults.Local.WeightDecay,
            Proximal = method == TrainingMethod.FedProx ? choice.Proximal ?? defaults.Proximal : 0,
            ClipNorm = choice.ClipNorm ?? defaults.ClipNorm,
            ControlClipNorm = defaults.ControlClipNorm,
            WeightCap = WeightCapOf(data),
            ServerLearningRate = choice.ServerLearningRate ?? defaults.Server.LearningRate,
            Beta1 = defaults.Server.Beta1,
            Beta2 = defaults.Server.Beta2,
            Adaptivity = defaults.Server.Adaptivity,
        };
    }

    private static ServerRule RuleOf(TrainingMethod method) => method switch
    {
        TrainingMethod.FedAdam => ServerRule.Adam,
        TrainingMethod.FedYogi => ServerRule.Yogi,
        TrainingMethod.Scaffold => ServerRule.Scaffold,
        _ => ServerRule.Average,
    };

    // The next power of two above the largest hospital: it bounds the weights and says little. A consortium agrees on one.
    private static long WeightCapOf(CohortData data) => BitOperations.RoundUpToPowerOf2((uint)data.Cohorts.Max(cohort => cohort.Train.RowCount));
}
