namespace QuantumFed.Trainers;

/// <summary>How a model's parameters are laid out; docs/trainers.md has the order of each.</summary>
public enum TrainerModelKind
{
    /// <summary>Two classes: a weight per feature, then the intercept, of the log-odds of label 1.</summary>
    Logistic,

    /// <summary>A row of weights per class, row after row, then an intercept per class.</summary>
    Softmax,

    /// <summary>Layers with ReLU between: each its weights, a row per output, then its biases; the last has an output per class.</summary>
    Mlp,

    /// <summary>Numbers that only the members' trainers understand.</summary>
    Opaque,
}
