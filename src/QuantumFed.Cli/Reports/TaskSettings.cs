using System.Globalization;
using QuantumFed.Protocol;
using QuantumFed.Report;

namespace QuantumFed.Cli;

/// <summary>An agreed task's settings in words.</summary>
internal static class TaskSettings
{
    /// <summary>Name and value of each setting that the method uses.</summary>
    public static IEnumerable<ReportSetting> Of(LearningTask task)
    {
        yield return Setting("training rounds", task.Rounds);
        if (task.Averaging is not { } terms)
        {
            yield return Setting("L2 penalty", task.L2);
            yield break;
        }
        yield return Setting("epochs a round", terms.Epochs);
        yield return Setting("rows a batch", terms.BatchSize);
        yield return new ReportSetting("members' optimiser", terms.Optimizer.ToString().ToLowerInvariant());
        yield return Setting("members' learning rate", terms.LearningRate);
        yield return Setting("weight decay", terms.WeightDecay);
        if (task.Method == TrainingMethod.FedProx)
            yield return Setting("proximal mu", terms.Proximal);
        yield return Setting("L2 clip of an update", terms.ClipNorm);
        if (task.Method == TrainingMethod.Scaffold)
            yield return Setting("L2 clip of a control variate's change", terms.ControlClipNorm);
        yield return Setting("largest weight of a member, rows", terms.WeightCap);
        yield return Setting("coordinator's learning rate", terms.ServerLearningRate);
        if (task.Method is TrainingMethod.FedAdam or TrainingMethod.FedYogi)
        {
            yield return Setting("beta 1", terms.Beta1);
            yield return Setting("beta 2", terms.Beta2);
            yield return Setting("adaptivity tau", terms.Adaptivity);
        }
    }

    private static ReportSetting Setting(string name, IFormattable value) => new(name, value.ToString(null, CultureInfo.InvariantCulture));
}
