namespace QuantumFed.Cli;

/// <summary>comparison.json, version 1.</summary>
/// <param name="Version">1.</param>
/// <param name="Dataset">What was trained on.</param>
/// <param name="Task">Method and model in words.</param>
/// <param name="Seed">Seed of data and training.</param>
/// <param name="Members">How many hospitals.</param>
/// <param name="Rounds">Training rounds.</param>
/// <param name="Ways">The ways, in the order of the table.</param>
/// <param name="EncryptedOverPlain">QuantumFed's seconds over the plain federation's.</param>
/// <param name="EncryptedOverPlainMedianRound">The same of their median rounds.</param>
/// <param name="Verified">Whether the audit of the QuantumFed run holds.</param>
internal sealed record ComparisonResult(
    int Version, string Dataset, string Task, long Seed, int Members, int Rounds, IReadOnlyList<ComparedWay> Ways, double EncryptedOverPlain,
    double EncryptedOverPlainMedianRound, bool Verified);
