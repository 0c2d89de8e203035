namespace QuantumFed.Learning;

/// <summary>The coordinator's optimiser, with its agreed settings.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="LearningRate">eta, above 0.</param>
/// <param name="Beta1">The first moment's decay, in [0, 1); FedAdam and FedYogi.</param>
/// <param name="Beta2">The second moment's decay, in [0, 1); FedAdam and FedYogi.</param>
/// <param name="Adaptivity">tau, above 0: the smaller, the more adaptive; FedAdam and FedYogi.</param>
public sealed record ServerOptimizer(ServerRule Rule, double LearningRate, double Beta1, double Beta2, double Adaptivity)
{
    /// <summary>How many vectors it remembers between rounds.</summary>
    public int MemoryCount => Rule switch { ServerRule.Adam or ServerRule.Yogi => 2, ServerRule.Scaffold => 1, _ => 0 };

    /// <summary>How many vectors a member's update has.</summary>
    public int VectorCount => Rule == ServerRule.Scaffold ? 2 : 1;
}
