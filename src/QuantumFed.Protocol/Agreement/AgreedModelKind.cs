namespace QuantumFed.Protocol;

/// <summary>What kind of model the members train.</summary>
public enum AgreedModelKind
{
    /// <summary>Logistic regression, two classes.</summary>
    Logistic,

    /// <summary>Multinomial logistic regression.</summary>
    Softmax,

    /// <summary>A multilayer perceptron of one or two hidden layers.</summary>
    Mlp,

    /// <summary>A vector that only the members' own trainers understand.</summary>
    Opaque,
}
