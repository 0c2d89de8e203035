namespace QuantumFed.Learning;

/// <summary>What came of solving a round's opened sums: a model, or the reason why there is none. Closed: these two.</summary>
public abstract record StepOutcome
{
    private StepOutcome()
    {
    }

    /// <summary>The sums gave a model.</summary>
    /// <param name="Model">The next model.</param>
    public sealed record Stepped(LogisticModel Model) : StepOutcome;

    /// <summary>The sums gave none; the model stays as it was.</summary>
    /// <param name="Reason">Why, in one sentence for an operator.</param>
    public sealed record Refused(string Reason) : StepOutcome;
}
