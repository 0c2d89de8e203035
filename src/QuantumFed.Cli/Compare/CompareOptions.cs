namespace QuantumFed.Cli;

/// <summary>What a comparison is asked to do.</summary>
/// <param name="Data">Which data.</param>
/// <param name="Training">How to train.</param>
/// <param name="Epsilon">Epsilon of the noisy way, for a hospital's part in all rounds together.</param>
/// <param name="Delta">Its delta.</param>
/// <param name="CommitTime">How long members may take to train in a round.</param>
/// <param name="NetworkOnly">Whether only the two federations over the network are run, for their times.</param>
/// <param name="Folder">Where the two networks' workspaces and the result go.</param>
/// <param name="Json">Whether the result is printed as JSON.</param>
internal sealed record CompareOptions(
    DatasetChoice Data, TrainingChoice Training, double Epsilon, double Delta, TimeSpan CommitTime, bool NetworkOnly, string Folder, bool Json);
