using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Trainers;

namespace QuantumFed.Node;

/// <summary>What a workspace is to hold.</summary>
/// <param name="Consortium">The consortium's name, in its certificates.</param>
/// <param name="Cohorts">The hospitals with their rows.</param>
/// <param name="Task">What they train.</param>
/// <param name="LedgerPort">The development ledger's port on the loopback address.</param>
/// <param name="CoordinatorPort">The coordinator's port on the loopback address.</param>
/// <param name="CommitTime">How long members may take to train and commit.</param>
/// <param name="TrainingSeed">What the members' shuffling and rounding are drawn from; never keys.</param>
/// <param name="Trainer">The program that trains at every member, or null for this one.</param>
/// <param name="Links">The members' quantum links, or null for none.</param>
public sealed record WorkspaceRequest(
    string Consortium, IReadOnlyList<HospitalCohort> Cohorts, LearningTask Task, int LedgerPort, int CoordinatorPort, TimeSpan CommitTime,
    long? TrainingSeed, TrainerSettings? Trainer = null, WorkspaceLinks? Links = null);
