namespace QuantumFed.Learning;

/// <summary>What came of a round's opened sums: the next model, or the reason why there is none. Closed: these two.</summary>
/// <typeparam name="TModel">What the step changes.</typeparam>
public abstract record StepOutcome<TModel>
{
    private StepOutcome()
    {
    }

    /// <summary>The sums gave a model.</summary>
    /// <param name="Model">The next model.</param>
    public sealed record Stepped(TModel Model) : StepOutcome<TModel>;

    /// <summary>The sums gave none; the model stays as it was.</summary>
    /// <param name="Reason">Why, in one sentence for an operator.</param>
    public sealed record Refused(string Reason) : StepOutcome<TModel>;
}
