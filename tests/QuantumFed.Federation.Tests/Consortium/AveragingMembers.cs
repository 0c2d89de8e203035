using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Randomness;

namespace QuantumFed.Federation.Tests;

/// <summary>The members' side of rounds of averaging: they train, and remember in the clear what each of them sent.</summary>
internal sealed class AveragingMembers(Hospitals hospitals)
{
    private readonly Dictionary<MemberId, double[]> _controls = [];
    private readonly Dictionary<MemberId, (EncodedUpdate Update, double Weight)> _sent = [];

    private LearningTask Task => hospitals.Agreement.Task;

    /// <summary>Plays a round on <paramref name="model"/>, all members honest.</summary>
    public RoundPlay Play(int round, ModelState model) =>
        new(hospitals, new RoundId((ulong)round), model, contribute: member => Contribute(member, round, model));

    public uint[] Contribute(MemberId member, int round, ModelState model)
    {
        if (RoundTask.PurposeOf(Task, model) == RoundPurpose.Moments)
        {
            Assert.True(RoundTask.TryContribute(Task, model, hospitals.DataOf(member), out uint[]? values, out string? refusal), refusal);
            return values;
        }
        Dataset raw = hospitals.DataOf(member);
        double[] control = _controls.GetValueOrDefault(member, new double[model.Shape.ParameterCount]);
        double[] correction = Task.Method == TrainingMethod.Scaffold ? [.. model.Memory(0).ToArray().Zip(control, (c, own) => c - own)] : [];
        LocalUpdate update;
        using (RandomStream shuffling = Stream("shuffling", member, round))
            update = LocalTrainer.Train(
                model, (model.Standardisation ?? Standardisation.FromRows(raw)).Apply(raw), TaskTerms.TrainingOf(Task), correction, shuffling,
                TestContext.Current.CancellationToken);
        using RandomStream rounding = Stream("rounding", member, round), again = Stream("rounding", member, round);
        Assert.True(UpdateContribution.TryEncode(Task, model, update, rounding, out MemberContribution? contribution, out string? failure), failure);

        // The same from the codec alone, which also says what was sent. SCAFFOLD's second vector: c_i+ - c_i = -c + (x - y_i) / (K eta).
        double steps = update.StepCount * Task.Averaging!.LearningRate;
        double[][] vectors = Task.Method == TrainingMethod.Scaffold
            ? [update.Delta, [.. update.Delta.Zip(model.Memory(0).ToArray(), (delta, c) => -c - delta / steps)]]
            : [update.Delta];
        Assert.True(TaskTerms.CodecOf(Task).TryEncode(vectors, update.RowCount, again, out EncodedUpdate? encoded));
        Assert.Equal(encoded.Values, contribution.Values);
        if (Task.Method == TrainingMethod.Scaffold)
            Assert.Equal(encoded.Sent[1], contribution.ControlChange);
        else
            Assert.Null(contribution.ControlChange);
        _sent[member] = (encoded, Math.Min(raw.RowCount, Task.Averaging.WeightCap));
        return contribution.Values;
    }

    /// <summary>The weighted mean of what the participants sent, vector by vector; and SCAFFOLD's members of S take over what they sent.</summary>
    public double[][] Conclude(IReadOnlyCollection<MemberId> participants)
    {
        double total = participants.Sum(member => _sent[member].Weight);
        double[][] means = [.. Enumerable.Range(0, _sent[participants.First()].Update.Sent.Count).Select(vector => participants
            .Select(member => _sent[member].Update.Sent[vector].Select(value => value * _sent[member].Weight / total))
            .Aggregate((one, other) => one.Zip(other, (x, y) => x + y)).ToArray())];
        foreach (MemberId member in participants.Where(_ => means.Length > 1))
        {
            double[] change = _sent[member].Update.Sent[1];
            _controls[member] = [.. _controls.GetValueOrDefault(member, new double[change.Length]).Zip(change, (own, more) => own + more)];
        }
        return means;
    }

    private static RandomStream Stream(string domain, MemberId member, int round) =>
        RandomStream.FromSeed(System.Text.Encoding.UTF8.GetBytes($"{member} {round}"), $"QuantumFed.Tests.{domain}");
}
