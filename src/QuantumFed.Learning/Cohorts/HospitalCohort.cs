namespace QuantumFed.Learning;

/// <summary>One hospital's patients, split once into rows to train on and rows to test on. Immutable.</summary>
public sealed class HospitalCohort
{
    /// <summary>The longest name in characters.</summary>
    public const int MaxNameLength = 32;

    /// <summary>Names a hospital's data.</summary>
    /// <param name="name">The hospital's name, 1 to 32 characters of <c>a-z</c>, <c>0-9</c> and <c>-</c>, as a member's id.</param>
    /// <param name="train">The rows the hospital trains on.</param>
    /// <param name="test">The rows it never trains on, with the same features.</param>
    /// <exception cref="ArgumentException">The name is not one, or the two parts differ in their features.</exception>
    public HospitalCohort(string name, Dataset train, Dataset test)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        if (!IsName(name)) throw new ArgumentException("A hospital's name is 1 to 32 characters of a-z, 0-9 and '-'.", nameof(name));
        if (!train.HasSameFeaturesAs(test)) throw new ArgumentException("Training and test rows differ in their features.", nameof(test));
        Name = name;
        Train = train;
        Test = test;
    }

    /// <summary>The hospital's name.</summary>
    public string Name { get; }

    /// <summary>The rows the hospital trains on.</summary>
    public Dataset Train { get; }

    /// <summary>The rows it never trains on.</summary>
    public Dataset Test { get; }

    /// <summary>Whether a text can name a hospital: 1 to 32 characters of <c>a-z</c>, <c>0-9</c> and <c>-</c>.</summary>
    public static bool IsName(string? name)
        => name is { Length: >= 1 and <= MaxNameLength } && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    /// <summary>
    /// Both parts standardised: by the consortium's standardisation where there is one, else by the hospital's own training rows. Test rows
    /// never contribute to a mean or a scale.
    /// </summary>
    /// <param name="shared">The consortium's standardisation, or <see langword="null"/> where each centre standardises itself.</param>
    /// <exception cref="ArgumentException">The standardisation is for another number of features, or there are fewer than 2 training
    /// rows.</exception>
    public HospitalCohort Standardise(Standardisation? shared)
    {
        Standardisation standardisation = shared ?? Standardisation.FromRows(Train);
        return new HospitalCohort(Name, standardisation.Apply(Train), standardisation.Apply(Test));
    }

    /// <summary>The name and the shapes.</summary>
    public override string ToString() => $"{Name}: {Train.RowCount} training and {Test.RowCount} test rows of {Train.FeatureCount} features";
}
