namespace QuantumFed.Trainers;

/// <summary>The shape of a model, by which a trainer knows what each parameter is. Immutable.</summary>
public sealed class TrainerModel
{
    /// <summary>The most parameters: 2^28, a payload of 1 GiB.</summary>
    public const int MaxParameterCount = 1 << 28;

    private TrainerModel(TrainerModelKind kind, IReadOnlyList<string> features, int classes, IReadOnlyList<int> hidden, long parameterCount)
    {
        if (parameterCount is < 1 or > MaxParameterCount)
            throw new ArgumentException($"A model has 1 to {MaxParameterCount} parameters, not {parameterCount}.", nameof(parameterCount));
        Kind = kind;
        Features = features;
        Classes = classes;
        Hidden = hidden;
        ParameterCount = (int)parameterCount;
    }

    /// <summary>The layout.</summary>
    public TrainerModelKind Kind { get; }

    /// <summary>The columns of the data that the model takes, in its order.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>The number of classes, at least 2; labels are 0 to this less one.</summary>
    public int Classes { get; }

    /// <summary>The widths of the hidden layers, from the input; empty where the kind has none.</summary>
    public IReadOnlyList<int> Hidden { get; }

    /// <summary>The number of parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>Logistic regression over d features: d + 1 parameters.</summary>
    /// <exception cref="ArgumentException">There is no feature.</exception>
    public static TrainerModel Logistic(IReadOnlyList<string> features)
    {
        string[] names = Names(features, least: 1);
        return new TrainerModel(TrainerModelKind.Logistic, names, 2, [], names.Length + 1L);
    }

    /// <summary>Softmax regression over d features and C classes: C d + C parameters.</summary>
    /// <exception cref="ArgumentException">There is no feature, fewer than 2 classes, or too many parameters.</exception>
    public static TrainerModel Softmax(IReadOnlyList<string> features, int classes)
    {
        string[] names = Names(features, least: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        return new TrainerModel(TrainerModelKind.Softmax, names, classes, [], (names.Length + 1L) * classes);
    }

    /// <summary>A perceptron of dense layers: out x in + out parameters for each.</summary>
    /// <exception cref="ArgumentException">There is no feature, no hidden layer, a width below 1, fewer than 2 classes, or too many parameters.</exception>
    public static TrainerModel Mlp(IReadOnlyList<string> features, IReadOnlyList<int> hidden, int classes)
    {
        string[] names = Names(features, least: 1);
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        int[] widths = [.. hidden];
        if (widths.Length == 0 || widths.Any(width => width is < 1 or > MaxParameterCount))
            throw new ArgumentException("A perceptron has at least one hidden layer, each at least one wide.", nameof(hidden));
        long count = 0, inputs = names.Length;
        foreach (long outputs in widths.Append(classes))
        {
            // Both are at most 2^28 or so, and the sum stops growing once it is too large: no overflow.
            count = Math.Min(count + (inputs + 1) * outputs, long.MaxValue / 4);
            inputs = outputs;
        }
        return new TrainerModel(TrainerModelKind.Mlp, names, classes, widths, count);
    }

    /// <summary>Parameters that only the trainers understand.</summary>
    /// <exception cref="ArgumentException">Fewer than 2 classes, or not 1 to <see cref="MaxParameterCount"/> parameters.</exception>
    public static TrainerModel Opaque(IReadOnlyList<string> features, int classes, int parameterCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        return new TrainerModel(TrainerModelKind.Opaque, Names(features, least: 0), classes, [], parameterCount);
    }

    private static string[] Names(IReadOnlyList<string> features, int least)
    {
        ArgumentNullException.ThrowIfNull(features);
        string[] names = [.. features];
        return names.Length >= least && names.All(name => name is not null)
            ? names
            : throw new ArgumentException("The model needs the names of its features.", nameof(features));
    }
}
