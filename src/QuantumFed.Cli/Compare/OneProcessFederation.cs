using System.Buffers.Binary;
using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Randomness;

namespace QuantumFed.Cli;

/// <summary>Federated averaging of all hospitals in this one process, in the clear, with a way of adding their updates to be compared.</summary>
internal sealed class OneProcessFederation(IReadOnlyList<HospitalCohort> cohorts, LearningTask task, long seed)
{
    /// <summary>Trains all rounds.</summary>
    /// <param name="standardisation">The joint standardisation, or null where each hospital has its own.</param>
    /// <param name="add">Makes the weighted means of the members' updates, each with its rows.</param>
    /// <param name="cancellation">Stops it.</param>
    public ModelState Train(
        Standardisation? standardisation, Func<int, IReadOnlyList<(double[] Delta, int Rows)>, AveragedUpdate> add, CancellationToken cancellation)
    {
        ModelState model = RoundTask.InitialModel(task);
        if (standardisation is not null)
            model = model.With(standardisation);
        Dataset[] rows = [.. cohorts.Select(cohort => cohort.Standardise(standardisation).Train)];
        LocalTraining training = TaskTerms.TrainingOf(task);
        for (int round = 0; round < task.Rounds; round++)
        {
            var updates = new List<(double[] Delta, int Rows)>();
            for (int i = 0; i < rows.Length; i++)
            {
                using RandomStream shuffling = Stream(round, cohorts[i].Name);
                updates.Add((LocalTrainer.Train(model, rows[i], training, [], shuffling, cancellation).Delta, rows[i].RowCount));
            }
            model = ServerStep.Apply(model, add(round, updates), TaskTerms.OptimizerOf(task), cohorts.Count) is StepOutcome<ModelState>.Stepped stepped
                ? stepped.Model
                : throw new TrainingDivergedException("Training diverged in one process; lower the learning rate.");
        }
        return model;
    }

    private RandomStream Stream(int round, string member)
    {
        byte[] bytes = new byte[sizeof(long) + sizeof(int)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, seed);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(long)), round);
        return RandomStream.FromSeed(bytes, $"QuantumFed.Comparison.{member}");
    }
}
