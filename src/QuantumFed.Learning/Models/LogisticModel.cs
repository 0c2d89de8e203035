using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;

namespace QuantumFed.Learning;

/// <summary>
/// Logistic regression, P(label = 1 | x) = 1 / (1 + exp(-(w.x + c))), over standardised features. Immutable.
/// </summary>
public sealed class LogisticModel
{
    private readonly double[] _weights;

    private LogisticModel(double[] weights, double intercept, Standardisation? standardisation)
    {
        _weights = weights;
        Intercept = intercept;
        Standardisation = standardisation;
    }

    /// <summary>The number of features d.</summary>
    public int FeatureCount => _weights.Length;

    /// <summary>The weight of each feature, d values.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The intercept c.</summary>
    public double Intercept { get; }

    /// <summary>How raw features are standardised, or <see langword="null"/> where each centre does so from its own training
    /// rows.</summary>
    public Standardisation? Standardisation { get; }

    /// <summary>The model that training starts from: all zero, probability 1/2 for everybody.</summary>
    /// <exception cref="ArgumentException">The number of features is out of range or not the standardisation's.</exception>
    public static LogisticModel Zero(int featureCount, Standardisation? standardisation = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(featureCount, Dataset.MaxFeatureCount);
        return Create(new double[featureCount], 0, standardisation);
    }

    /// <summary>Copies weights into a model.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or the number of weights is out of range or not the
    /// standardisation's.</exception>
    public static LogisticModel Create(ReadOnlySpan<double> weights, double intercept, Standardisation? standardisation = null)
        => TryCreate(weights, intercept, standardisation, out LogisticModel? model)
            ? model
            : throw new ArgumentException(
                "A model has 1 to 1024 finite weights, as many as its standardisation, and a finite intercept.", nameof(weights));

    /// <summary>As <see cref="Create"/>, for numbers that may be anything.</summary>
    public static bool TryCreate(
        ReadOnlySpan<double> weights, double intercept, Standardisation? standardisation, [NotNullWhen(true)] out LogisticModel? model)
    {
        model = null;
        if (weights.Length is 0 or > Dataset.MaxFeatureCount || !double.IsFinite(intercept)) return false;
        if (standardisation is not null && standardisation.FeatureCount != weights.Length) return false;
        foreach (double weight in weights)
            if (!double.IsFinite(weight)) return false;
        model = new LogisticModel(weights.ToArray(), intercept, standardisation);
        return true;
    }

    /// <summary>The log-odds w.x + c of one row of standardised features.</summary>
    /// <remarks>The sum's order, and so its last bits, depend on the machine's vector width.</remarks>
    /// <exception cref="ArgumentException">The row has another number of features.</exception>
    public double LogOdds(ReadOnlySpan<double> standardisedRow)
        => standardisedRow.Length == FeatureCount
            ? TensorPrimitives.Dot(standardisedRow, _weights) + Intercept
            : throw new ArgumentException($"The row has {standardisedRow.Length} features, the model {FeatureCount}.", nameof(standardisedRow));

    /// <summary>The probability of label 1 for one row of standardised features, in [0, 1].</summary>
    /// <exception cref="ArgumentException">The row has another number of features.</exception>
    public double Probability(ReadOnlySpan<double> standardisedRow) => Sigmoid(LogOdds(standardisedRow));

    /// <summary>The probability of label 1 for every row of a standardised data set.</summary>
    /// <exception cref="ArgumentException">The data set has another number of features.</exception>
    public double[] Probabilities(Dataset standardised)
    {
        ArgumentNullException.ThrowIfNull(standardised);
        double[] probabilities = new double[standardised.RowCount];
        for (int i = 0; i < probabilities.Length; i++) probabilities[i] = Probability(standardised.Row(i));
        return probabilities;
    }

    /// <summary>1 / (1 + exp(-x)) without overflow on either side.</summary>
    internal static double Sigmoid(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }
}
