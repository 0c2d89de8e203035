namespace QuantumFed.Cli;

/// <summary>What the demo measured of one round.</summary>
/// <param name="Seconds">From the coordinator's first step to the finalisation on the ledger.</param>
/// <param name="Accuracy">Test accuracy over all hospitals of the model after it.</param>
internal sealed record DemoRound(double Seconds, double? Accuracy);
