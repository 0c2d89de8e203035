namespace QuantumFed.Protocol;

/// <summary>The model that the members agreed to train.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Classes">The classes it tells apart, 2 to 32.</param>
/// <param name="Hidden">The widths of a multilayer perceptron's hidden layers, one or two; empty for other kinds.</param>
/// <param name="OpaqueParameters">The numbers of an opaque model; 0 for other kinds, whose count follows.</param>
/// <param name="Seed">What a multilayer perceptron's first weights are drawn from; public.</param>
public sealed record AgreedModel(AgreedModelKind Kind, int Classes, IReadOnlyList<int> Hidden, int OpaqueParameters, long Seed);
