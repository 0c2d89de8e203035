namespace QuantumFed.Protocol;

/// <summary>The task in an agreement's JSON, and its rules.</summary>
internal sealed record TaskFile(
    string Dataset, string Method, TaskFile.ModelFile Model, string[] Features, int[] Magnitudes, string Standardise, double L2, int Rounds,
    TaskFile.AveragingFile? Averaging)
{
    private const int MaxFeatures = 1024;
    private const int MaxMagnitude = 60;
    private const int MaxParameters = 1 << 22;

    public static TaskFile Of(LearningTask task) => new(
        task.Dataset, Text(task.Method),
        new ModelFile(Text(task.Model.Kind), task.Model.Classes, [.. task.Model.Hidden], task.Model.OpaqueParameters, task.Model.Seed),
        [.. task.Features], [.. task.Magnitudes], Text(task.Standardise), task.L2, task.Rounds,
        task.Averaging is { } terms
            ? new AveragingFile(
                terms.Epochs, terms.BatchSize, terms.LearningRate, Text(terms.Optimizer), terms.WeightDecay, terms.Proximal, terms.ClipNorm,
                terms.ControlClipNorm, terms.WeightCap, terms.ServerLearningRate, terms.Beta1, terms.Beta2, terms.Adaptivity)
            : null);

    /// <summary>The task.</summary>
    /// <exception cref="FormatException">It breaks a rule.</exception>
    public LearningTask Read()
    {
        var method = Value<TrainingMethod>(Method);
        Require(Features.Length is >= 1 and <= MaxFeatures, $"a task has 1 to {MaxFeatures} features");
        Require(!Features.Any(string.IsNullOrWhiteSpace), "one of its features has no name");
        Require(Features.Distinct(StringComparer.Ordinal).Count() == Features.Length, "one of its features comes twice");
        Require(Magnitudes.Length == Features.Length, "there is not one magnitude for each feature");
        Require(Magnitudes.All(exponent => exponent is >= -MaxMagnitude and <= MaxMagnitude), "a magnitude is a power of two from -60 to 60");
        Require(double.IsFinite(L2) && L2 >= 0, "the penalty L2 is negative or no number");
        Require(Rounds is >= 1 and <= 100_000, "a task has 1 to 100000 rounds");
        return new LearningTask
        {
            Dataset = Dataset,
            Method = method,
            Model = Model.Read(method, Features.Length),
            Features = Features,
            Magnitudes = Magnitudes,
            Standardise = Value<Standardise>(Standardise),
            L2 = L2,
            Rounds = Rounds,
            Averaging = ReadAveraging(method),
        };
    }

    private AveragingTerms? ReadAveraging(TrainingMethod method)
    {
        Require(Averaging is null == (method == TrainingMethod.Newton), "a task has terms of averaging unless its method is newton");
        return Averaging?.Read(method);
    }

    private static void Require(bool condition, string failure)
    {
        if (!condition)
            throw new FormatException(failure);
    }

    private static string Text<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static T Value<T>(string text)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            if (Text(value) == text)
                return value;
        }
        throw new FormatException($"'{text}' is none of {string.Join(", ", Enum.GetValues<T>().Select(Text))}");
    }

    internal sealed record ModelFile(string Kind, int Classes, int[] Hidden, int OpaqueParameters, long Seed)
    {
        public AgreedModel Read(TrainingMethod method, int features)
        {
            var kind = Value<AgreedModelKind>(Kind);
            Require(Classes is >= 2 and <= 32, $"a model tells 2 to 32 classes apart, not {Classes}");
            Require(kind != AgreedModelKind.Logistic || Classes == 2, $"logistic regression tells 2 classes apart, not {Classes}");
            Require(method != TrainingMethod.Newton || kind == AgreedModelKind.Logistic, $"newton trains logistic regression, not {Kind}");
            Require(
                kind == AgreedModelKind.Mlp ? Hidden.Length is 1 or 2 : Hidden.Length == 0,
                "a multilayer perceptron has one or two hidden layers, other models none");
            Require(Hidden.All(width => width is >= 1 and <= 4096), "a hidden layer has 1 to 4096 units");
            Require(
                kind == AgreedModelKind.Opaque ? OpaqueParameters is >= 1 and <= MaxParameters : OpaqueParameters == 0,
                $"an opaque model states its parameters, 1 to {MaxParameters}; other models do not");
            int[] widths = [features, .. Hidden, Classes];
            Require(
                widths.Zip(widths.Skip(1), (from, to) => (from + 1L) * to).Sum() <= MaxParameters, $"the model has more than {MaxParameters} parameters");
            return new AgreedModel(kind, Classes, Hidden, OpaqueParameters, Seed);
        }
    }

    internal sealed record AveragingFile(
        int Epochs, int BatchSize, double LearningRate, string Optimizer, double WeightDecay, double Proximal, double ClipNorm,
        double ControlClipNorm, long WeightCap, double ServerLearningRate, double Beta1, double Beta2, double Adaptivity)
    {
        public AveragingTerms Read(TrainingMethod method)
        {
            var optimizer = Value<AgreedOptimizer>(Optimizer);
            Require(Epochs is >= 1 and <= 1000, "a round has 1 to 1000 epochs");
            Require(BatchSize is >= 1 and <= 65_536, "a batch has 1 to 65536 rows");
            Require(WeightCap is >= 1 and <= int.MaxValue, "the weight cap is 1 to 2147483647 rows");
            RequirePositive(LearningRate, "the learning rate");
            RequirePositive(ServerLearningRate, "the coordinator's learning rate");
            Require(ClipNorm is >= AveragingTerms.MinClipNorm and <= 1e6, "the clip norm is 1e-9 to 1e6");
            Require(ControlClipNorm is >= AveragingTerms.MinClipNorm and <= 1e6, "the clip norm of control variates is 1e-9 to 1e6");
            RequirePositive(Adaptivity, "the adaptivity");
            Require(WeightDecay is >= 0 and <= 1e6, "the weight decay is 0 to 1e6");
            Require(Proximal is >= 0 and <= 1e6, "the proximal term is 0 to 1e6");
            Require(method == TrainingMethod.FedProx || Proximal == 0, "only fedprox has a proximal term");
            Require(Beta1 is >= 0 and < 1 && Beta2 is >= 0 and < 1, "beta1 and beta2 are at least 0 and below 1");
            Require(method != TrainingMethod.Scaffold || optimizer == AgreedOptimizer.Sgd, "scaffold's members descend by sgd");
            return new AveragingTerms
            {
                Epochs = Epochs,
                BatchSize = BatchSize,
                LearningRate = LearningRate,
                Optimizer = optimizer,
                WeightDecay = WeightDecay,
                Proximal = Proximal,
                ClipNorm = ClipNorm,
                ControlClipNorm = ControlClipNorm,
                WeightCap = WeightCap,
                ServerLearningRate = ServerLearningRate,
                Beta1 = Beta1,
                Beta2 = Beta2,
                Adaptivity = Adaptivity,
            };
        }

        private static void RequirePositive(double value, string name) => Require(value is > 0 and <= 1e6, $"{name} is above 0 and at most 1e6");
    }
}
