namespace QuantumFed.Learning;

/// <summary>The settings that a consortium trains with unless it says otherwise; chosen on training rows only, see docs/learning.md.</summary>
/// <param name="Local">How members train.</param>
/// <param name="Server">How the coordinator steps.</param>
/// <param name="Proximal">FedProx's mu.</param>
/// <param name="ClipNorm">The largest L2 norm of an update.</param>
/// <param name="ControlClipNorm">The largest L2 norm of a control variate's change.</param>
public sealed record TrainingDefaults(LocalTraining Local, ServerOptimizer Server, double Proximal, double ClipNorm, double ControlClipNorm)
{
    /// <summary>The defaults for a kind of model and a rule of the coordinator.</summary>
    public static TrainingDefaults For(ModelKind kind, ServerRule rule) => new(
        new LocalTraining(
            Epochs: 1, BatchSize: 32, kind == ModelKind.Mlp && rule != ServerRule.Scaffold ? 0.001 : 0.05,
            kind == ModelKind.Mlp && rule != ServerRule.Scaffold ? LocalOptimizer.Adam : LocalOptimizer.Sgd, WeightDecay: 0.001, Proximal: 0),
        new ServerOptimizer(rule, rule is ServerRule.Adam or ServerRule.Yogi ? 0.1 : 1, Beta1: 0.9, Beta2: 0.99, Adaptivity: 0.001),
        Proximal: 0.01, ClipNorm: 8, ControlClipNorm: 32);
}
