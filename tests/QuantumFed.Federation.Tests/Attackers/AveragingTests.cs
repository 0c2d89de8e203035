using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>Coordinators that record another state than the sum leads to, and members that lie about their rows.</summary>
public sealed class AveragingTests
{
    private static LearningTask FedAdam => Tasks.Averaging(TrainingMethod.FedAdam);

    [Fact]
    public void A_state_that_differs_in_anything_is_found_though_the_coordinator_signs_it_everywhere()
    {
        using var hospitals = new Hospitals(task: FedAdam);
        var members = new AveragingMembers(hospitals);
        using RoundPlay play = members.Play(0, hospitals.InitialModel);
        var completed = Assert.IsType<RoundCompletion.Completed>(play.Finish());
        ModelState honest = completed.Model;
        double[] parameters = honest.Parameters.ToArray(), first = honest.Memory(0).ToArray(), second = honest.Memory(1).ToArray();
        double[] changed = [.. second];
        changed[1] = (double)MathF.BitIncrement((float)changed[1]);
        Assert.True(Standardisation.TryCreate([0, 0, 0], [1, 1, 1], out Standardisation? standardisation));
        (string What, ModelState State)[] forged =
        [
            ("the optimiser's memory, by one bit", ModelState.Create(honest.Shape, honest.Format, null, parameters, [first, changed])),
            ("the order of its memory", ModelState.Create(honest.Shape, honest.Format, null, parameters, [second, first])),
            ("no memory", ModelState.Create(honest.Shape, honest.Format, null, parameters)),
            ("another kind", ModelState.Create(ModelShape.Opaque(3, 2, 4), honest.Format, null, parameters, [first, second])),
            ("another format", ModelState.Create(honest.Shape, NumberFormat.Binary64, null, parameters, [first, second])),
            ("a standardisation", honest.With(standardisation)),
            ("the state before", hospitals.InitialModel),
        ];
        foreach ((string what, ModelState state) in forged)
        {
            byte[] bytes = state.ToCanonicalBytes();
            ReplayResult replay = Forgery.Outcome(play, completed.Transcript, outcome => outcome with { Model = Digest.Of(bytes) }, bytes);
            Assert.False(replay.Verified, what);
            Forgery.AssertFound(TranscriptLabels.Model, "leads to model", replay);
        }
        byte[] same = honest.ToCanonicalBytes();
        Assert.True(Forgery.Outcome(play, completed.Transcript, outcome => outcome with { Model = Digest.Of(same) }, same).Verified);
    }

    [Fact]
    public void A_round_that_starts_from_another_memory_is_refused_by_everyone()
    {
        using var hospitals = new Hospitals(task: FedAdam);
        var members = new AveragingMembers(hospitals);
        ModelState start = hospitals.InitialModel;
        ModelState other = ModelState.Create(start.Shape, start.Format, null, start.Parameters, [new double[4], [0, 0, 0, 1e-3]]);
        using RoundPlay play = members.Play(0, other);
        var completed = Assert.IsType<RoundCompletion.Completed>(play.Finish());
        ReplayResult replay = RoundReplay.Run(hospitals.Agreement, play.Ledger, completed.Finalization, hospitals.Objects, start);
        Forgery.AssertFound(TranscriptLabels.Plan, "does not continue from the model", replay);
    }

    [Fact]
    public void A_plan_with_another_purpose_or_other_sizes_than_the_tasks_is_refused()
    {
        using var hospitals = new Hospitals(task: FedAdam);
        var members = new AveragingMembers(hospitals);
        using RoundPlay play = members.Play(0, hospitals.InitialModel);
        RoundPlan plan = play.Context.Plan;
        Assert.Equal((RoundPurpose.WeightedAverage, (byte)16, 6u), (plan.Purpose, plan.BitsPerValue, plan.ValueCount));
        Assert.Null(Refusal(hospitals, plan));
        Assert.NotNull(Refusal(hospitals, plan with { Purpose = RoundPurpose.NewtonStep }));
        Assert.Contains("lattice parameters", Refusal(hospitals, plan with { BitsPerValue = 26 }), StringComparison.Ordinal);
        Assert.Contains("lattice parameters", Refusal(hospitals, plan with { BitsPerValue = 15 }), StringComparison.Ordinal);
        Assert.Contains("lattice parameters", Refusal(hospitals, plan with { ValueCount = 5 }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)] // 65,536 rows
    [InlineData(60_000, 0)]
    public void A_weight_that_so_many_members_cannot_have_fails_the_round_and_makes_no_model(uint low, uint high)
    {
        using var hospitals = new Hospitals(task: Tasks.Averaging(TrainingMethod.FedAvg));
        RoundCompletion completion = PlayWith(hospitals, values => (values[^2], values[^1]) = (low, high), out RoundPlay play);
        using (play)
        {
            var failed = Assert.IsType<RoundCompletion.Failed>(completion);
            Assert.Contains("out of the range", failed.Reason, StringComparison.Ordinal);
            ReplayResult replay = play.Replay(failed.Finalization);
            Assert.True(replay.Verified, string.Join("\n", replay.Findings));
            Assert.Equal(hospitals.InitialModel.ToCanonicalBytes(), replay.Model!.ToCanonicalBytes());
        }
    }

    [Fact]
    public void A_lie_within_the_range_is_not_found_as_the_security_model_says()
    {
        // No norm of an encrypted update is checked: a member that sets every number to the largest is summed like the others.
        using var hospitals = new Hospitals(task: Tasks.Averaging(TrainingMethod.FedAvg));
        RoundCompletion completion = PlayWith(hospitals, values => values.AsSpan(0, 4).Fill(65_535), out RoundPlay play);
        using (play)
        {
            var completed = Assert.IsType<RoundCompletion.Completed>(completion);
            Assert.True(play.Replay(completed.Finalization).Verified);
            // Its share at least: C cap / total weight in every number, beyond the clip norm of an honest update.
            Assert.True(completed.Model.Parameters.ToArray().Min() > 0.5);
        }
    }

    private static RoundCompletion PlayWith(Hospitals hospitals, Action<uint[]> lie, out RoundPlay play)
    {
        var members = new AveragingMembers(hospitals);
        ModelState model = hospitals.InitialModel;
        play = new RoundPlay(hospitals, new RoundId(0), model, contribute: member =>
        {
            uint[] values = members.Contribute(member, 0, model);
            if (member == hospitals[0])
                lie(values);
            return values;
        });
        return play.Finish();
    }

    private static string? Refusal(Hospitals hospitals, RoundPlan plan) => RoundContext.TryCreate(
        hospitals.Agreement, SignedMessage.Sign(plan, hospitals.Agreement.Coordinator.Id, hospitals.CoordinatorKey), hospitals.Objects,
        RoundPurpose.WeightedAverage, Digest.Of(hospitals.InitialModel.ToCanonicalBytes()), out _, out string? failure) ? null : failure;
}
