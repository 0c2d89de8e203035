using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Learning;

/// <summary>
/// A model and all that its next step depends on: shape, parameters, the consortium's standardisation, and what the coordinator's optimiser
/// remembers. Immutable. Every round begins with one and ends in one; the SHA-256 of <see cref="ToCanonicalBytes"/> is what the ledger records.
/// </summary>
public sealed class ModelState
{
    /// <summary>The most vectors an optimiser remembers: the two moments of FedAdam and FedYogi.</summary>
    public const int MaxMemory = 2;

    private readonly double[] _parameters;
    private readonly double[][] _memory;

    private ModelState(ModelShape shape, NumberFormat format, Standardisation? standardisation, double[] parameters, double[][] memory)
    {
        Shape = shape;
        Format = format;
        Standardisation = standardisation;
        _parameters = parameters;
        _memory = memory;
    }

    /// <summary>The model's kind and sizes.</summary>
    public ModelShape Shape { get; }

    /// <summary>The format that every parameter and remembered number is representable in.</summary>
    public NumberFormat Format { get; }

    /// <summary>How raw features are standardised, or <see langword="null"/> where each centre does so from its own training rows, or the joint
    /// standardisation is still to come.</summary>
    public Standardisation? Standardisation { get; }

    /// <summary>The parameters, P finite numbers in the layout of <see cref="ModelKind"/>.</summary>
    public ReadOnlySpan<double> Parameters => _parameters;

    /// <summary>How many vectors the coordinator's optimiser remembers: 0; 1 for SCAFFOLD, its control variate; 2 for FedAdam and FedYogi, the
    /// first and second moment.</summary>
    public int MemoryCount => _memory.Length;

    /// <summary>A remembered vector, P finite numbers.</summary>
    public ReadOnlySpan<double> Memory(int index) => _memory[index];

    /// <summary>Copies numbers into a state, rounding them to the format.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="format">The format.</param>
    /// <param name="standardisation">The consortium's standardisation, for as many features.</param>
    /// <param name="parameters">P numbers.</param>
    /// <param name="memory">At most <see cref="MaxMemory"/> vectors of P numbers.</param>
    /// <param name="state">The state.</param>
    /// <returns><see langword="false"/> where a length does not fit, or a number is not finite once rounded.</returns>
    public static bool TryCreate(
        ModelShape shape, NumberFormat format, Standardisation? standardisation, ReadOnlySpan<double> parameters,
        IReadOnlyList<double[]> memory, [NotNullWhen(true)] out ModelState? state)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(memory);
        state = null;
        if (standardisation is not null && standardisation.FeatureCount != shape.FeatureCount) return false;
        if (memory.Count > MaxMemory || !TryRound(shape, format, parameters, out double[] rounded)) return false;
        double[][] kept = new double[memory.Count][];
        for (int i = 0; i < kept.Length; i++)
            if (!TryRound(shape, format, memory[i], out kept[i])) return false;
        state = new ModelState(shape, format, standardisation, rounded, kept);
        return true;
    }

    /// <summary>As <see cref="TryCreate"/>, for numbers that the caller knows to fit.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static ModelState Create(
        ModelShape shape, NumberFormat format, Standardisation? standardisation, ReadOnlySpan<double> parameters, IReadOnlyList<double[]>? memory = null) =>
        TryCreate(shape, format, standardisation, parameters, memory ?? [], out ModelState? state)
            ? state
            : throw new ArgumentException("A model's numbers are finite and as many as its shape says.", nameof(parameters));

    /// <summary>A logistic model as a state, in double precision.</summary>
    public static ModelState From(LogisticModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Create(ModelShape.Logistic(model.FeatureCount), NumberFormat.Binary64, model.Standardisation, [.. model.Weights, model.Intercept]);
    }

    /// <summary>The logistic model that this state holds.</summary>
    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public LogisticModel ToLogistic() => Shape.Kind == ModelKind.Logistic
        ? LogisticModel.Create(_parameters.AsSpan(0, Shape.FeatureCount), _parameters[^1], Standardisation)
        : throw new InvalidOperationException($"This is no logistic regression but a {Shape}.");

    /// <summary>The same model over features that are standardised so.</summary>
    /// <exception cref="ArgumentException">The standardisation is for another number of features.</exception>
    public ModelState With(Standardisation standardisation) => Create(Shape, Format, standardisation, _parameters, _memory);

    /// <summary>The bytes that are hashed, stored and sent; docs/wire-format.md has the layout.</summary>
    public byte[] ToCanonicalBytes() => ModelStateBytes.Write(this);

    /// <summary>Reads canonical bytes; anything else, another encoding of the same state included, gives <see langword="false"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ModelState? state) => ModelStateBytes.TryRead(bytes, out state);

    /// <summary>The shape only.</summary>
    public override string ToString() => Shape.ToString();

    private static bool TryRound(ModelShape shape, NumberFormat format, ReadOnlySpan<double> numbers, out double[] rounded)
    {
        rounded = numbers.ToArray();
        if (rounded.Length != shape.ParameterCount) return false;
        for (int i = 0; i < rounded.Length; i++)
        {
            if (format == NumberFormat.Binary32) rounded[i] = (float)rounded[i];
            if (!double.IsFinite(rounded[i])) return false;
        }

        return true;
    }
}
