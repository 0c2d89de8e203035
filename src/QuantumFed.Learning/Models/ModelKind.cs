namespace QuantumFed.Learning;

/// <summary>What a model computes from a row.</summary>
public enum ModelKind : byte
{
    /// <summary>Logistic regression for two classes: d weights, then the intercept; log-odds of class 1.</summary>
    Logistic = 1,

    /// <summary>Multinomial logistic regression: C x d weights row by row, then C biases; softmax over C classes.</summary>
    Softmax = 2,

    /// <summary>A multilayer perceptron of one or two hidden layers with ReLU: per layer out x in weights row by row, then out biases; softmax over
    /// the C outputs of the last layer.</summary>
    Mlp = 3,

    /// <summary>A vector that only the members' own trainers understand.</summary>
    Opaque = 4,
}
