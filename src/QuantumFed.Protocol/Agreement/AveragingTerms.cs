namespace QuantumFed.Protocol;

/// <summary>The terms of federated averaging: how members train between rounds, what bounds their updates, how the coordinator steps.</summary>
public sealed record AveragingTerms
{
    /// <summary>The least clip norm. The scale of an update's integers is its inverse, which must stay a number.</summary>
    public const double MinClipNorm = 1e-9;

    /// <summary>Passes over a member's rows in a round, 1 to 1000.</summary>
    public required int Epochs { get; init; }

    /// <summary>Rows of a mini-batch, 1 to 65,536.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The members' step size, above 0.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The members' optimiser.</summary>
    public required AgreedOptimizer Optimizer { get; init; }

    /// <summary>Lambda of lambda/2 |w|^2 on a row's mean loss, at least 0.</summary>
    public required double WeightDecay { get; init; }

    /// <summary>FedProx's mu, at least 0; 0 for the other methods.</summary>
    public required double Proximal { get; init; }

    /// <summary>The L2 norm that an update is clipped to, at least <see cref="MinClipNorm"/>.</summary>
    public required double ClipNorm { get; init; }

    /// <summary>The L2 norm that the change of a control variate is clipped to, at least <see cref="MinClipNorm"/>; SCAFFOLD only.</summary>
    public required double ControlClipNorm { get; init; }

    /// <summary>The public bound on a member's weight: rows beyond it do not count. 1 to 2^31 - 1.</summary>
    public required long WeightCap { get; init; }

    /// <summary>The coordinator's step size, above 0; 1 is plain averaging.</summary>
    public required double ServerLearningRate { get; init; }

    /// <summary>The first moment's decay of FedAdam and FedYogi, in [0, 1).</summary>
    public required double Beta1 { get; init; }

    /// <summary>The second moment's decay of FedAdam and FedYogi, in [0, 1).</summary>
    public required double Beta2 { get; init; }

    /// <summary>The tau of FedAdam and FedYogi, above 0.</summary>
    public required double Adaptivity { get; init; }
}
