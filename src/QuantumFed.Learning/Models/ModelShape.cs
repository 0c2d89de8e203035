namespace QuantumFed.Learning;

/// <summary>The kind of a model and its sizes; with them the number and the layout of its parameters. Immutable; equal where all sizes are.</summary>
public sealed class ModelShape : IEquatable<ModelShape>
{
    /// <summary>The most parameters of a model: 2^22.</summary>
    public const int MaxParameterCount = 1 << 22;

    /// <summary>The most hidden layers of a multilayer perceptron.</summary>
    public const int MaxHiddenLayers = 2;

    /// <summary>The widest hidden layer.</summary>
    public const int MaxHiddenWidth = 4096;

    private ModelShape(ModelKind kind, int featureCount, int classCount, int[] hidden, int parameterCount)
    {
        Kind = kind;
        FeatureCount = featureCount;
        ClassCount = classCount;
        Hidden = Array.AsReadOnly(hidden);
        ParameterCount = parameterCount;
    }

    /// <summary>The kind.</summary>
    public ModelKind Kind { get; }

    /// <summary>The features d of a row, 1 to <see cref="Dataset.MaxFeatureCount"/>.</summary>
    public int FeatureCount { get; }

    /// <summary>The classes C, 2 to <see cref="Dataset.MaxClassCount"/>.</summary>
    public int ClassCount { get; }

    /// <summary>The widths of the hidden layers, from the input; empty unless the kind is <see cref="ModelKind.Mlp"/>.</summary>
    public IReadOnlyList<int> Hidden { get; }

    /// <summary>The number of parameters P.</summary>
    public int ParameterCount { get; }

    /// <summary>Logistic regression: P = d + 1.</summary>
    /// <exception cref="ArgumentException">The number of features is out of range.</exception>
    public static ModelShape Logistic(int featureCount) => Require(ModelKind.Logistic, featureCount, 2, [], 0);

    /// <summary>Softmax regression: P = C (d + 1).</summary>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public static ModelShape Softmax(int featureCount, int classCount) => Require(ModelKind.Softmax, featureCount, classCount, [], 0);

    /// <summary>A multilayer perceptron with one or two hidden layers.</summary>
    /// <exception cref="ArgumentException">A size is out of range, or there are more than <see cref="MaxParameterCount"/> parameters.</exception>
    public static ModelShape Mlp(int featureCount, IReadOnlyList<int> hidden, int classCount) =>
        Require(ModelKind.Mlp, featureCount, classCount, hidden, 0);

    /// <summary>A vector of <paramref name="parameterCount"/> numbers that only the members' trainers understand.</summary>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public static ModelShape Opaque(int featureCount, int classCount, int parameterCount) =>
        Require(ModelKind.Opaque, featureCount, classCount, [], parameterCount);

    /// <summary>The shape of these sizes, or null with what is wrong with them.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="featureCount">d.</param>
    /// <param name="classCount">C; 2 for logistic regression.</param>
    /// <param name="hidden">The hidden widths; empty unless the kind is a multilayer perceptron.</param>
    /// <param name="opaqueParameterCount">P of an opaque model; 0 for all others, whose P follows.</param>
    /// <param name="failure">What is wrong, in a clause.</param>
    public static ModelShape? TryCreate(
        ModelKind kind, int featureCount, int classCount, IReadOnlyList<int> hidden, int opaqueParameterCount, out string failure)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        failure = "";
        if (featureCount is < 1 or > Dataset.MaxFeatureCount)
            failure = $"a model has 1 to {Dataset.MaxFeatureCount} features, not {featureCount}";
        else if (classCount is < 2 or > Dataset.MaxClassCount)
            failure = $"a model has 2 to {Dataset.MaxClassCount} classes, not {classCount}";
        else if (kind == ModelKind.Logistic && classCount != 2)
            failure = $"logistic regression tells 2 classes apart, not {classCount}; softmax does more";
        else if (kind == ModelKind.Mlp ? hidden.Count is < 1 or > MaxHiddenLayers : hidden.Count > 0)
            failure = $"a multilayer perceptron has 1 to {MaxHiddenLayers} hidden layers, other models none";
        else if (hidden.Any(width => width is < 1 or > MaxHiddenWidth))
            failure = $"a hidden layer has 1 to {MaxHiddenWidth} units";
        else if (kind == ModelKind.Opaque ? opaqueParameterCount < 1 : opaqueParameterCount != 0)
            failure = "an opaque model states its number of parameters, at least 1; the others' follows from their sizes";
        if (failure.Length > 0)
            return null;
        long parameters = kind switch
        {
            ModelKind.Logistic => featureCount + 1,
            ModelKind.Softmax => (long)classCount * (featureCount + 1),
            ModelKind.Mlp => CountLayers([featureCount, .. hidden, classCount]),
            ModelKind.Opaque => opaqueParameterCount,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of model."),
        };
        if (parameters <= MaxParameterCount)
            return new ModelShape(kind, featureCount, classCount, [.. hidden], (int)parameters);
        failure = $"the model has {parameters} parameters, more than {MaxParameterCount}";
        return null;
    }

    /// <inheritdoc/>
    public bool Equals(ModelShape? other) =>
        other is not null && Kind == other.Kind && FeatureCount == other.FeatureCount && ClassCount == other.ClassCount
        && ParameterCount == other.ParameterCount && Hidden.SequenceEqual(other.Hidden);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ModelShape);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, FeatureCount, ClassCount, ParameterCount);

    /// <summary>The shape in words.</summary>
    public override string ToString() => Kind switch
    {
        ModelKind.Logistic => $"logistic regression, {ParameterCount} parameters",
        ModelKind.Softmax => $"softmax regression of {ClassCount} classes, {ParameterCount} parameters",
        ModelKind.Mlp => $"multilayer perceptron {FeatureCount}-{string.Join('-', Hidden)}-{ClassCount}, {ParameterCount} parameters",
        _ => $"opaque model, {ParameterCount} parameters",
    };

    private static long CountLayers(ReadOnlySpan<int> widths)
    {
        long parameters = 0;
        for (int i = 1; i < widths.Length; i++) parameters += (long)widths[i] * (widths[i - 1] + 1);
        return parameters;
    }

    private static ModelShape Require(ModelKind kind, int featureCount, int classCount, IReadOnlyList<int> hidden, int opaque) =>
        TryCreate(kind, featureCount, classCount, hidden, opaque, out string failure) ?? throw new ArgumentException($"In a model's shape: {failure}.");
}
