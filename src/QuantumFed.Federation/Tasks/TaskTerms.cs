using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>An agreed task in the terms of Learning: the shape of its model, how members train, how the coordinator steps.</summary>
public static class TaskTerms
{
    /// <summary>The model's shape.</summary>
    /// <exception cref="ArgumentException">The task breaks a rule that an agreement's file is held to.</exception>
    public static ModelShape ShapeOf(LearningTask task) => ModelShape.TryCreate(
        KindOf(task.Model.Kind), task.Features.Count, task.Model.Classes, task.Model.Hidden, task.Model.OpaqueParameters, out string failure)
        ?? throw new ArgumentException($"In the task's model: {failure}.", nameof(task));

    /// <summary>The format of the model's numbers: double precision for Newton's method, single for gradients.</summary>
    public static NumberFormat FormatOf(LearningTask task) => task.Averaging is null ? NumberFormat.Binary64 : NumberFormat.Binary32;

    /// <summary>How members train between rounds of averaging.</summary>
    /// <exception cref="InvalidOperationException">The task's method is Newton's.</exception>
    public static LocalTraining TrainingOf(LearningTask task)
    {
        AveragingTerms terms = TermsOf(task);
        return new LocalTraining(
            terms.Epochs, terms.BatchSize, terms.LearningRate, terms.Optimizer == AgreedOptimizer.Adam ? LocalOptimizer.Adam : LocalOptimizer.Sgd,
            terms.WeightDecay, terms.Proximal);
    }

    /// <summary>How the coordinator steps.</summary>
    /// <exception cref="InvalidOperationException">The task's method is Newton's.</exception>
    public static ServerOptimizer OptimizerOf(LearningTask task)
    {
        AveragingTerms terms = TermsOf(task);
        ServerRule rule = task.Method switch
        {
            TrainingMethod.FedAdam => ServerRule.Adam,
            TrainingMethod.FedYogi => ServerRule.Yogi,
            TrainingMethod.Scaffold => ServerRule.Scaffold,
            _ => ServerRule.Average,
        };
        return new ServerOptimizer(rule, terms.ServerLearningRate, terms.Beta1, terms.Beta2, terms.Adaptivity);
    }

    /// <summary>How updates become integers.</summary>
    /// <exception cref="InvalidOperationException">The task's method is Newton's.</exception>
    public static UpdateCodec CodecOf(LearningTask task)
    {
        AveragingTerms terms = TermsOf(task);
        double[] norms = task.Method == TrainingMethod.Scaffold ? [terms.ClipNorm, terms.ControlClipNorm] : [terms.ClipNorm];
        return new UpdateCodec(ShapeOf(task).ParameterCount, norms, terms.WeightCap);
    }

    private static AveragingTerms TermsOf(LearningTask task) =>
        task.Averaging ?? throw new InvalidOperationException("Newton's method has no terms of averaging.");

    private static ModelKind KindOf(AgreedModelKind kind) => kind switch
    {
        AgreedModelKind.Logistic => ModelKind.Logistic,
        AgreedModelKind.Softmax => ModelKind.Softmax,
        AgreedModelKind.Mlp => ModelKind.Mlp,
        _ => ModelKind.Opaque,
    };
}
