using System.Buffers.Binary;
using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Randomness;

namespace QuantumFed.Cli;

/// <summary>
/// Scores models on the test rows of all hospitals, and trains those that a federation is compared with. Only a demo or a comparison can: it made
/// or holds all the rows; in a consortium each member scores its own.
/// </summary>
internal sealed class CohortScore(IReadOnlyList<HospitalCohort> cohorts, LearningTask task, long seed)
{
    /// <summary>A model's accuracy and AUC over all test rows.</summary>
    public Evaluation OnAll(ModelState model) => Evaluation.Of(model, Standardised(model.Standardisation, cohort => cohort.Test));

    /// <summary>A model's accuracy and AUC on one hospital's test rows.</summary>
    public static Evaluation On(ModelState model, HospitalCohort cohort) =>
        Evaluation.Of(model, Scaled(cohort, model.Standardisation, cohort.Test));

    /// <summary>
    /// The model that all training rows in one place would give, standardised as <paramref name="by"/> says: to convergence for Newton's method,
    /// by as many epochs as the federation for the others; null where that training diverges.
    /// </summary>
    public ModelState? Pooled(Standardisation? by, CancellationToken cancellation)
    {
        ModelState? model = Train(Standardised(by, cohort => cohort.Train), task.L2, "pooled", cancellation);
        return by is null ? model : model?.With(by);
    }

    /// <summary>The model of one hospital alone, by the same method, with its own standardisation; null where its training diverges.</summary>
    public ModelState? Local(HospitalCohort cohort, CancellationToken cancellation) =>
        Train(Scaled(cohort, null, cohort.Train), NewtonStep.DefaultL2, cohort.Name, cancellation);

    private ModelState? Train(Dataset rows, double l2, string name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (task.Averaging is null)
            return ModelState.From(LocalNewton.Fit(rows, l2, beforePass: cancellation.ThrowIfCancellationRequested).Model);
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, seed);
        using RandomStream shuffling = RandomStream.FromSeed(bytes, $"QuantumFed.Comparison.{name}");
        ModelState initial = RoundTask.InitialModel(task);
        // What the coordinator's optimiser remembers has no place outside a federation.
        ModelState start = ModelState.Create(initial.Shape, initial.Format, null, initial.Parameters);
        try
        {
            return PooledTraining.Fit(start, rows, TaskTerms.TrainingOf(task) with { Proximal = 0 }, task.Rounds, shuffling, cancellation);
        }
        catch (TrainingDivergedException)
        {
            // A federation clips its updates and may stay finite where this does not.
            return null;
        }
    }

    private Dataset Standardised(Standardisation? by, Func<HospitalCohort, Dataset> rows) =>
        Dataset.Concatenate([.. cohorts.Select(cohort => Scaled(cohort, by, rows(cohort)))]);

    // Only the rows that are wanted: of a large table, the others would be most of the memory.
    private static Dataset Scaled(HospitalCohort cohort, Standardisation? by, Dataset rows) => (by ?? Standardisation.FromRows(cohort.Train)).Apply(rows);
}
