namespace QuantumFed.Learning;

/// <summary>The settings that a consortium trains with unless it says otherwise. Chosen on training rows only; docs/learning.md has the grid and
/// the figures.</summary>
public static class TrainingDefaults
{
    /// <summary>The largest L2 norm of a member's update; a larger one is scaled down to it.</summary>
    public const double ClipNorm = 8;

    /// <summary>The largest L2 norm of a change of a SCAFFOLD control variate.</summary>
    public const double ControlClipNorm = 16;

    /// <summary>FedProx's mu where FedProx is chosen.</summary>
    public const double Proximal = 0.01;

    /// <summary>The server's learning rate of FedAvg, FedProx and SCAFFOLD: the mean update is taken as it is.</summary>
    public const double ServerLearningRate = 1;

    /// <summary>The server's learning rate of FedAdam and FedYogi, for <see cref="Adaptivity"/>.</summary>
    public const double AdaptiveServerLearningRate = 0.3;

    /// <summary>The decay of FedAdam's and FedYogi's first moment, as in the paper.</summary>
    public const double Beta1 = 0.9;

    /// <summary>The decay of their second moment, as in the paper.</summary>
    public const double Beta2 = 0.99;

    /// <summary>Tau, added to the root of the second moment (Reddi et al., ICLR 2021, algorithm 2).</summary>
    public const double Adaptivity = 0.1;

    /// <summary>How a member trains in one round, with every method.</summary>
    /// <remarks>Softmax regression has half the rate and twice the decay of logistic regression: of two classes it then is the same model in
    /// every round, because each step moves the two classes apart by both of their rows of weights.</remarks>
    /// <param name="kind">The model's kind. What is said of perceptrons is handed to the trainers of opaque models as well.</param>
    public static LocalTraining For(ModelKind kind) => kind switch
    {
        ModelKind.Softmax => new LocalTraining(3, 64, 0.05, LocalOptimizer.Sgd, 0.02, 0),
        ModelKind.Logistic or ModelKind.Mlp or ModelKind.Opaque => new LocalTraining(3, 64, 0.1, LocalOptimizer.Sgd, 0.01, 0),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of model."),
    };
}
