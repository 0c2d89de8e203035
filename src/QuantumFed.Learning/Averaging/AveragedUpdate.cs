namespace QuantumFed.Learning;

/// <summary>What the opened sum of weighted updates says.</summary>
/// <param name="Means">The weighted mean of each vector over the participants, P numbers each.</param>
/// <param name="TotalWeight">The sum of the participants' weights.</param>
/// <param name="Participants">How many members were summed.</param>
public sealed record AveragedUpdate(IReadOnlyList<double[]> Means, double TotalWeight, int Participants);
