using QuantumFed.Trainers;

namespace QuantumFed.Cli;

/// <summary>What a demo is asked to do.</summary>
/// <param name="Data">Which data.</param>
/// <param name="Training">How to train.</param>
/// <param name="Trainer">The program that trains at every member, or null for this one.</param>
/// <param name="CommitTime">How long members may take to train and commit in a round.</param>
/// <param name="Folder">The workspace's folder.</param>
/// <param name="Keep">Whether the network stays up until interrupted.</param>
/// <param name="Links">The quantum links, or null for none.</param>
/// <param name="CommandLine">The command as typed, for the report.</param>
internal sealed record DemoOptions(
    DatasetChoice Data, TrainingChoice Training, TrainerSettings? Trainer, TimeSpan CommitTime, string Folder, bool Keep, LinkChoice? Links, string CommandLine);
