namespace QuantumFed.Cli;

/// <summary>What the demo measured of one round.</summary>
/// <param name="Purpose">What it was for.</param>
/// <param name="Seconds">From the coordinator's first step to the finalisation on the ledger.</param>
/// <param name="Accuracy">Test accuracy over all hospitals of the model after it.</param>
internal sealed record DemoRound(string Purpose, double Seconds, double? Accuracy);
