using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.Logging;
using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Randomness;

namespace QuantumFed.Node;

/// <summary>
/// A member's work on its own rows in a round: statistics, or training by this program or by the member's own trainer, up to the integers that are
/// encrypted. Rows and plaintext updates stay in here.
/// </summary>
/// <param name="task">The agreed task.</param>
/// <param name="self">The member.</param>
/// <param name="rows">Its training rows, raw.</param>
/// <param name="trainer">The member's own trainer, or null for this program's.</param>
/// <param name="seed">What shuffling and rounding are drawn from, or null for the operating system's randomness. Never keys.</param>
/// <param name="control">The member's SCAFFOLD control variate.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where events go.</param>
internal sealed partial class MemberTraining(
    LearningTask task, MemberId self, Dataset rows, IUpdateTrainer? trainer, long? seed, ControlVariateFile control, TimeProvider time, ILogger logger)
{
    private (Standardisation? By, Dataset Rows)? _standardised;

    /// <summary>Computes this member's contribution to the round on <paramref name="model"/>.</summary>
    /// <exception cref="ContributionException">There is none; the message says why.</exception>
    public async Task<MemberContribution> ContributeAsync(RoundId round, ModelState model, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        if (RoundTask.PurposeOf(task, model) != RoundPurpose.WeightedAverage)
        {
            if (!RoundTask.TryContribute(task, model, rows, out uint[]? values, out string? refusal))
                throw new ContributionException(refusal);
            Log.Computed(logger, round, time.GetElapsedTime(started).TotalSeconds);
            return new MemberContribution(values, ControlChange: null);
        }
        LocalUpdate update = await UpdateAsync(round, model, cancellation);
        using RandomStream rounding = Stream("QuantumFed.Rounding.v1", round);
        if (!UpdateContribution.TryEncode(task, model, update, rounding, out MemberContribution? contribution, out string? failure))
            throw new ContributionException(failure);
        return contribution;
    }

    /// <summary>The same in the clear, for a federation that hides nothing: the numbers, and the member's rows.</summary>
    /// <exception cref="ContributionException">There is no contribution; the message says why.</exception>
    public async Task<(double[] Numbers, ulong Rows)> ContributeInClearAsync(RoundId round, ModelState model, CancellationToken cancellation)
    {
        RoundPurpose purpose = RoundTask.PurposeOf(task, model);
        if (purpose == RoundPurpose.Moments)
            return (MomentStatistics.Compute(rows, task.Magnitudes), (ulong)rows.RowCount);
        if (purpose == RoundPurpose.NewtonStep)
            return (NewtonStatistics.Compute(Standardised(model.Standardisation), model.ToLogistic()), (ulong)rows.RowCount);
        LocalUpdate update = await UpdateAsync(round, model, cancellation);
        if (task.Method != TrainingMethod.Scaffold)
            return (update.Delta, (ulong)update.RowCount);
        double[] change = ScaffoldControl.Change(model.Memory(0), update.Delta, update.StepCount, TaskTerms.TrainingOf(task).LearningRate);
        control.Apply(round, change);
        return ([.. update.Delta, .. change], (ulong)update.RowCount);
    }

    private async Task<LocalUpdate> UpdateAsync(RoundId round, ModelState model, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        LocalUpdate update = trainer is null
            ? await Task.Run(() => Train(round, model, cancellation), cancellation)
            : await trainer.TrainAsync(round, model, cancellation);
        Log.Trained(logger, round, time.GetElapsedTime(started).TotalSeconds, update.Loss);
        return update;
    }

    private LocalUpdate Train(RoundId round, ModelState model, CancellationToken cancellation)
    {
        using RandomStream shuffling = Stream("QuantumFed.Shuffling.v1", round);
        return LocalTrainer.Train(model, Standardised(model.Standardisation), TaskTerms.TrainingOf(task), Correction(model), shuffling, cancellation);
    }

    // SCAFFOLD adds c - c_i to every gradient.
    private double[] Correction(ModelState model)
    {
        if (task.Method != TrainingMethod.Scaffold)
            return [];
        double[] correction = model.Memory(0).ToArray(), own = control.Read(model.Shape.ParameterCount);
        for (int j = 0; j < correction.Length; j++)
            correction[j] -= own[j];
        return correction;
    }

    private Dataset Standardised(Standardisation? by)
    {
        if (_standardised is not { } kept || !ReferenceEquals(kept.By, by))
            _standardised = kept = (by, (by ?? Standardisation.FromRows(rows)).Apply(rows));
        return kept.Rows;
    }

    private RandomStream Stream(string domain, RoundId round)
    {
        if (seed is not { } given)
            return RandomStream.FromOperatingSystem();
        byte[] name = Encoding.UTF8.GetBytes(self.Name), bytes = new byte[2 * sizeof(long) + name.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, given);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(sizeof(long)), round.Value);
        name.CopyTo(bytes, 2 * sizeof(long));
        return RandomStream.FromSeed(bytes, domain);
    }

    private static partial class Log
    {
        [LoggerMessage(2017, LogLevel.Information, "Round {Round}: trained in {Seconds:F2} s, loss {Loss:F4}.")]
        public static partial void Trained(ILogger logger, RoundId round, double seconds, double? loss);

        [LoggerMessage(2018, LogLevel.Information, "Round {Round}: computed statistics in {Seconds:F2} s.")]
        public static partial void Computed(ILogger logger, RoundId round, double seconds);
    }
}
