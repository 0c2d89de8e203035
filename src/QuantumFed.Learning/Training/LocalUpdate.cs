namespace QuantumFed.Learning;

/// <summary>What a member's training came to, before anything protects it: for the member's own eyes.</summary>
/// <param name="Delta">The parameters after training less those before, P numbers.</param>
/// <param name="RowCount">The rows it trained on.</param>
/// <param name="StepCount">The optimiser's steps.</param>
/// <param name="Loss">The mean loss over the last epoch's batches, penalties not included; null where a trainer does not say.</param>
public sealed record LocalUpdate(double[] Delta, int RowCount, int StepCount, double? Loss);
