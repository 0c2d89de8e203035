namespace QuantumFed.Learning.Tests;

/// <summary>What the coordinator of a <see cref="ClearGradientFederation"/> does with the weighted mean of the updates.</summary>
internal enum ClearServerRule
{
    FedAvg,
    FedAdam,
    FedYogi,
    Scaffold,
}
