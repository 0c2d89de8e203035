using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>What a demo is asked to do.</summary>
/// <param name="Dataset">synthetic or heart.</param>
/// <param name="DataFolder">Where the data lies, for data sets that are not generated.</param>
/// <param name="Members">How many hospitals, for generated data.</param>
/// <param name="Rounds">Training rounds.</param>
/// <param name="Method">How they train.</param>
/// <param name="Standardise">How features are scaled.</param>
/// <param name="Seed">Seed of data and training; never of keys.</param>
/// <param name="Folder">The workspace's folder.</param>
/// <param name="Keep">Whether the network stays up until interrupted.</param>
internal sealed record DemoOptions(
    string Dataset, string? DataFolder, int Members, int Rounds, TrainingMethod Method, Standardise Standardise, long Seed, string Folder, bool Keep);
