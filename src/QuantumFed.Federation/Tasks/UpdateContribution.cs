using System.Diagnostics.CodeAnalysis;
using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Randomness;

namespace QuantumFed.Federation;

/// <summary>From a member's trained update to the integers of its contribution to a round of averaging.</summary>
public static class UpdateContribution
{
    /// <summary>Clips, weights and rounds an update; for SCAFFOLD also the change of the member's control variate.</summary>
    /// <param name="task">The agreed task, of a method that averages.</param>
    /// <param name="model">The state that was trained on.</param>
    /// <param name="update">What training came to.</param>
    /// <param name="rounding">Where the roundings are drawn from.</param>
    /// <param name="contribution">The contribution.</param>
    /// <param name="failure">Why there is none.</param>
    public static bool TryEncode(
        LearningTask task, ModelState model, LocalUpdate update, RandomStream rounding,
        [NotNullWhen(true)] out MemberContribution? contribution, [NotNullWhen(false)] out string? failure)
    {
        (contribution, failure) = (null, null);
        UpdateCodec codec = TaskTerms.CodecOf(task);
        if (update.RowCount < 1 || update.Delta.Length != codec.ParameterCount)
        {
            failure = $"Training came to {update.Delta.Length} numbers over {update.RowCount} rows; {codec.ParameterCount} over at least one row were asked for.";
            return false;
        }
        bool scaffold = task.Method == TrainingMethod.Scaffold;
        if (scaffold && update.StepCount < 1)
        {
            failure = "Training took no step, so it says nothing of a control variate.";
            return false;
        }
        double[][] vectors = scaffold
            ? [update.Delta, ScaffoldControl.Change(model.Memory(0), update.Delta, update.StepCount, TaskTerms.TrainingOf(task).LearningRate)]
            : [update.Delta];
        if (!codec.TryEncode(vectors, update.RowCount, rounding, out EncodedUpdate? encoded))
        {
            failure = "Training diverged: the update holds a number that is not finite. A lower learning rate may help.";
            return false;
        }
        contribution = new MemberContribution(encoded.Values, scaffold ? encoded.Sent[1] : null);
        return true;
    }
}
