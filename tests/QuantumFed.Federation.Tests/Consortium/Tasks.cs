using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>Tasks of every method, and their features' names.</summary>
internal static class Tasks
{
    public static string[] FeatureNames(int count) => [.. Enumerable.Range(0, count).Select(i => $"feature-{i}")];

    public static LearningTask Newton(int features, Standardise standardise = Standardise.Federated, int rounds = 4) => new()
    {
        Dataset = "synthetic",
        Method = TrainingMethod.Newton,
        Model = new AgreedModel(AgreedModelKind.Logistic, 2, [], 0, 0),
        Features = FeatureNames(features),
        Magnitudes = new int[features],
        Standardise = standardise,
        L2 = 1,
        Rounds = rounds,
        Averaging = null,
    };

    public static LearningTask Averaging(
        TrainingMethod method, AgreedModel? model = null, int features = 3, Standardise standardise = Standardise.Centre, int rounds = 3) =>
        Newton(features, standardise, rounds) with
        {
            Method = method,
            Model = model ?? new AgreedModel(AgreedModelKind.Logistic, 2, [], 0, 0),
            Averaging = new AveragingTerms
            {
                Epochs = 2,
                BatchSize = 8,
                LearningRate = 0.1,
                Optimizer = AgreedOptimizer.Sgd,
                WeightDecay = 0.001,
                Proximal = method == TrainingMethod.FedProx ? 0.01 : 0,
                ClipNorm = 4,
                ControlClipNorm = 16,
                WeightCap = 38,
                ServerLearningRate = method is TrainingMethod.FedAdam or TrainingMethod.FedYogi ? 0.1 : 1,
                Beta1 = 0.9,
                Beta2 = 0.99,
                Adaptivity = 0.001,
            },
        };
}
