using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>Encrypted rounds of averaging give what the same computation gives in the clear.</summary>
public sealed class AveragingRoundTests
{
    [Theory]
    [InlineData(TrainingMethod.FedAvg, Standardise.Federated)]
    [InlineData(TrainingMethod.FedProx, Standardise.Centre)]
    [InlineData(TrainingMethod.FedAdam, Standardise.Centre)]
    [InlineData(TrainingMethod.FedYogi, Standardise.Centre)]
    [InlineData(TrainingMethod.Scaffold, Standardise.Centre)]
    public void The_model_is_the_weighted_computation_of_what_the_members_in_S_sent(TrainingMethod method, Standardise standardise)
    {
        using var hospitals = new Hospitals(task: Tasks.Averaging(method, standardise: standardise));
        var members = new AveragingMembers(hospitals);
        var clear = new ClearServer(hospitals.Agreement.Task);
        ModelState model = hospitals.InitialModel;
        int first = standardise == Standardise.Federated ? 1 : 0;
        for (int round = 0; round < RoundTask.RoundCount(hospitals.Agreement.Task); round++)
        {
            using RoundPlay play = members.Play(round, model);
            Assert.Equal(round < first ? RoundPurpose.Moments : RoundPurpose.WeightedAverage, play.Context.Plan.Purpose);
            // In the second round of training a member commits and does not deliver: it is outside S and must not count.
            MemberId? absent = round == first + 1 ? hospitals[2] : null;
            RoundCompletion.Completed completed = Finish(play, absent);
            ReplayResult replay = play.Replay(completed.Finalization);
            Assert.True(replay.Verified, string.Join("\n", replay.Findings));
            Assert.Equal(completed.Model.ToCanonicalBytes(), replay.Model!.ToCanonicalBytes());
            model = completed.Model;
            Assert.Equal(absent is null ? 4 : 3, play.Ledger.Participants.Count);
            if (round >= first)
                clear.Step(members.Conclude(play.Ledger.Participants), play.Ledger.Participants.Count / 4.0);
            Assert.Equal(standardise == Standardise.Federated, model.Standardisation is not null);
        }

        AssertClose(clear.Parameters, model.Parameters);
        Assert.Equal(clear.Memory.Length, model.MemoryCount);
        for (int i = 0; i < clear.Memory.Length; i++)
            AssertClose(clear.Memory[i], model.Memory(i));
        Assert.True(model.Parameters.ToArray().Max(Math.Abs) > 0.05);
    }

    [Theory]
    [InlineData(TrainingMethod.FedAvg, 2)]
    [InlineData(TrainingMethod.Scaffold, 3)]
    public void An_update_of_several_ciphertext_blocks_is_averaged(TrainingMethod method, int blocks)
    {
        // 3 x 850 + 850 + 850 x 2 + 2 = 5102 parameters; 4062 values a block.
        using var hospitals = new Hospitals(task: Tasks.Averaging(method, new AgreedModel(AgreedModelKind.Mlp, 2, [850], 0, 7)));
        var members = new AveragingMembers(hospitals);
        ModelState start = hospitals.InitialModel;
        Assert.Equal(5102, start.Shape.ParameterCount);
        using RoundPlay play = members.Play(0, start);
        Assert.Equal((blocks, 4062), (play.Context.Blocks, play.Context.Parameters.ValuesPerBlock));
        RoundCompletion.Completed completed = Finish(play, absent: null);
        Assert.All(play.Updates.Values, update => Assert.Equal(12_544 * blocks, update.Ciphertext.Length));
        Assert.True(play.Replay(completed.Finalization).Verified);
        double[][] means = members.Conclude([.. hospitals.Members]);
        AssertClose([.. start.Parameters.ToArray().Zip(means[0], (x, mean) => x + mean)], completed.Model.Parameters);
        // The last block's numbers too are trained.
        Assert.NotEqual(0, means[^1][^1]);
    }

    [Fact]
    public void A_member_that_did_not_commit_has_no_weight()
    {
        using var hospitals = new Hospitals(task: Tasks.Averaging(TrainingMethod.FedAvg));
        var members = new AveragingMembers(hospitals);
        using RoundPlay play = members.Play(0, hospitals.InitialModel);
        play.CommitAll(except: [hospitals[1]]);
        play.Freeze();
        play.UploadAll();
        play.ReportAll();
        play.Close();
        play.OpenAll();
        var completed = Assert.IsType<RoundCompletion.Completed>(play.Complete());
        Assert.True(play.Replay(completed.Finalization).Verified);
        AssertClose(members.Conclude([hospitals[0], hospitals[2], hospitals[3]])[0], completed.Model.Parameters);
    }

    private static RoundCompletion.Completed Finish(RoundPlay play, MemberId? absent)
    {
        play.CommitAll();
        play.Freeze();
        foreach (MemberId member in play.Updates.Keys.Where(member => member != absent))
            Assert.Null(play.Upload(member));
        play.ReportAll();
        play.Close();
        play.OpenAll();
        return Assert.IsType<RoundCompletion.Completed>(play.Complete());
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6 * (1 + Math.Abs(expected[i])));
    }

    /// <summary>The coordinator's rules as their papers write them, in double precision throughout.</summary>
    private sealed class ClearServer(LearningTask task)
    {
        public double[] Parameters { get; } = RoundTask.InitialModel(task).Parameters.ToArray();

        public double[][] Memory { get; } = task.Method switch
        {
            TrainingMethod.FedAdam or TrainingMethod.FedYogi => [new double[4], new double[4]],
            TrainingMethod.Scaffold => [new double[4]],
            _ => [],
        };

        public void Step(double[][] means, double share)
        {
            AveragingTerms terms = task.Averaging!;
            for (int j = 0; j < Parameters.Length; j++)
            {
                double delta = means[0][j], squared = delta * delta;
                if (task.Method is TrainingMethod.FedAdam or TrainingMethod.FedYogi)
                {
                    Memory[0][j] = terms.Beta1 * Memory[0][j] + (1 - terms.Beta1) * delta;
                    double second = Memory[1][j];
                    Memory[1][j] = task.Method == TrainingMethod.FedAdam
                        ? terms.Beta2 * second + (1 - terms.Beta2) * squared
                        : second - (1 - terms.Beta2) * squared * Math.Sign(second - squared);
                    delta = Memory[0][j] / (Math.Sqrt(Memory[1][j]) + terms.Adaptivity);
                }
                Parameters[j] += terms.ServerLearningRate * delta;
                if (task.Method == TrainingMethod.Scaffold)
                    Memory[0][j] += share * means[1][j];
            }
        }
    }
}
