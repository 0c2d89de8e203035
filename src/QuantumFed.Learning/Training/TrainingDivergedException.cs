namespace QuantumFed.Learning;

/// <summary>Training left the range of the model's numbers, or its sums determine no step.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>States what happened, in one sentence for an operator.</summary>
    public TrainingDivergedException(string message)
        : base(message)
    {
    }
}
