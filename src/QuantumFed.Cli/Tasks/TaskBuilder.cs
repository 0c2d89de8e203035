using System.Numerics;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>From what was chosen to the task that a consortium agrees on.</summary>
internal static class TaskBuilder
{
    private const int DefaultHidden = 32;
    private const double AdamLearningRate = 0.001;

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
        IReadOnlyList<int> hidden = kind == AgreedModelKind.Mlp ? choice.Hidden ?? [DefaultHidden] : [];
        if (ModelShape.TryCreate(KindOf(kind), train.FeatureCount, classes, hidden, opaqueParameterCount: 0, out string failure) is null)
            throw new UsageException($"With {train.FeatureCount} features and {classes} classes {failure}.");
        return new LearningTask
        {
            Dataset = data.Title,
            Method = method,
            Model = new AgreedModel(kind, classes, hidden, OpaqueParameters: 0, seed),
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
        LocalTraining local = TrainingDefaults.For(KindOf(kind));
        bool adaptive = method is TrainingMethod.FedAdam or TrainingMethod.FedYogi;
        AgreedOptimizer optimizer = choice.Optimizer ?? (local.Optimizer == LocalOptimizer.Adam ? AgreedOptimizer.Adam : AgreedOptimizer.Sgd);
        if (method == TrainingMethod.Scaffold && optimizer == AgreedOptimizer.Adam)
            throw new UsageException("--optimizer adam does not go with scaffold, whose control variates correct plain gradient steps.");
        return new AveragingTerms
        {
            Epochs = choice.Epochs ?? local.Epochs,
            BatchSize = choice.BatchSize ?? local.BatchSize,
            // Adam's own default (Kingma and Ba, section 2); the other was chosen for plain gradient steps.
            LearningRate = choice.LearningRate ?? (optimizer == AgreedOptimizer.Adam ? AdamLearningRate : local.LearningRate),
            Optimizer = optimizer,
            WeightDecay = choice.WeightDecay ?? local.WeightDecay,
            Proximal = method == TrainingMethod.FedProx ? choice.Proximal ?? TrainingDefaults.Proximal : 0,
            ClipNorm = choice.ClipNorm ?? TrainingDefaults.ClipNorm,
            ControlClipNorm = TrainingDefaults.ControlClipNorm,
            WeightCap = WeightCapOf(data),
            ServerLearningRate = choice.ServerLearningRate
                ?? (adaptive ? TrainingDefaults.AdaptiveServerLearningRate : TrainingDefaults.ServerLearningRate),
            Beta1 = TrainingDefaults.Beta1,
            Beta2 = TrainingDefaults.Beta2,
            Adaptivity = TrainingDefaults.Adaptivity,
        };
    }

    private static ModelKind KindOf(AgreedModelKind kind) => kind switch
    {
        AgreedModelKind.Mlp => ModelKind.Mlp,
        AgreedModelKind.Softmax => ModelKind.Softmax,
        _ => ModelKind.Logistic,
    };

    // The next power of two at or above the largest hospital: it bounds the weights and says little. A consortium agrees on one.
    private static long WeightCapOf(CohortData data) => BitOperations.RoundUpToPowerOf2((uint)data.Cohorts.Max(cohort => cohort.Train.RowCount));
}
