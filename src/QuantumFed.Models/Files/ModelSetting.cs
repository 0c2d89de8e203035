namespace QuantumFed.Models;

/// <summary>A setting that a model was trained with.</summary>
/// <param name="Name">Its name, at most 100 characters.</param>
/// <param name="Value">Its value as text (invariant culture), at most 100 characters.</param>
public sealed record ModelSetting(string Name, string Value);
