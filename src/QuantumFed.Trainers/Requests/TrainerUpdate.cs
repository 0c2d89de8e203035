namespace QuantumFed.Trainers;

/// <summary>What a trainer made of a request.</summary>
/// <param name="Delta">The new parameters less the global model's, all finite, in the model's layout.</param>
/// <param name="RowCount">The rows it trained on, at least 1: the member's weight in the average.</param>
/// <param name="Metrics">Finite numbers by name, such as <c>loss</c>; at most 64. They stay with the member.</param>
public sealed record TrainerUpdate(float[] Delta, int RowCount, IReadOnlyDictionary<string, double> Metrics);
