namespace QuantumFed.Learning.Tests;

public sealed class ServerStepTests
{
    private static readonly ModelShape Shape = ModelShape.Logistic(2);

    [Theory]
    [InlineData(ServerRule.Adam)]
    [InlineData(ServerRule.Yogi)]
    public void Adaptive_steps_are_algorithm_2_of_Reddi_et_al(ServerRule rule)
    {
        const int rounds = 12;
        Random random = new((int)rule);
        ServerOptimizer optimizer = new(rule, 0.1, 0.9, 0.99, 0.001);
        ModelState state = ModelState.Create(Shape, NumberFormat.Binary64, null, [0.5, -1, 0], [new double[3], new double[3]]);
        double[] x = [0.5, -1, 0], m = new double[3], v = new double[3];
        for (int t = 0; t < rounds; t++)
        {
            double[] delta = [2 * random.NextDouble() - 1, 0.01 * random.NextDouble(), t % 3 == 0 ? 0 : -random.NextDouble()];
            state = Step(state, new AveragedUpdate([delta], 100, 3), optimizer);
            for (int j = 0; j < 3; j++)
            {
                // Algorithm 2, line by line: m_t, v_t of FedAdam or FedYogi, x_t+1.
                m[j] = 0.9 * m[j] + (1 - 0.9) * delta[j];
                double squared = Math.Pow(delta[j], 2);
                if (rule == ServerRule.Adam) v[j] = 0.99 * v[j] + (1 - 0.99) * squared;
                else if (v[j] > squared) v[j] -= (1 - 0.99) * squared;
                else if (v[j] < squared) v[j] += (1 - 0.99) * squared;
                x[j] += 0.1 * m[j] / (Math.Pow(v[j], 0.5) + 0.001);
                Assert.True(v[j] >= 0);
            }

            GradientData.AssertClose(x, state.Parameters, 1e-13);
            GradientData.AssertClose(m, state.Memory(0), 1e-15);
            GradientData.AssertClose(v, state.Memory(1), 1e-15);
        }

        Assert.True(Math.Abs(x[0] - 0.5) > 0.01);
    }

    [Fact]
    public void Adam_and_Yogi_differ_where_the_second_moment_is_large()
    {
        ModelState state = ModelState.Create(Shape, NumberFormat.Binary64, null, [0, 0, 0], [new double[3], [4, 4, 4]]);
        AveragedUpdate small = new([[0.1, 0.1, 0.1]], 10, 3);
        Assert.Equal(4 * 0.99 + 0.01 * 0.01, Step(state, small, new ServerOptimizer(ServerRule.Adam, 1, 0.9, 0.99, 0.001)).Memory(1)[0], 1e-14);
        Assert.Equal(4 - 0.01 * 0.01, Step(state, small, new ServerOptimizer(ServerRule.Yogi, 1, 0.9, 0.99, 0.001)).Memory(1)[0], 1e-14);
    }

    [Fact]
    public void Averaging_moves_by_the_mean_times_the_learning_rate()
    {
        ModelState state = ModelState.Create(Shape, NumberFormat.Binary64, null, [1, 2, 3]);
        Assert.Equal([1.5, 1, 3], Step(state, new AveragedUpdate([[0.5, -1, 0]], 10, 3), Average(1)).Parameters.ToArray());
        Assert.Equal([1.25, 1.5, 3], Step(state, new AveragedUpdate([[0.5, -1, 0]], 10, 3), Average(0.5)).Parameters.ToArray());
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(3, 4)]
    [InlineData(3, 12)]
    public void Scaffolds_control_variate_moves_by_the_share_that_took_part(int participants, int members)
    {
        double[] x = [1, 2, 3], c = [0.1, -0.2, 0];
        ModelState state = ModelState.Create(Shape, NumberFormat.Binary64, null, x, [c]);
        double[] delta = [0.5, -1, 0.25], control = [2, -3, 1];
        ModelState next = Step(
            state, new AveragedUpdate([delta, control], 10, participants), new ServerOptimizer(ServerRule.Scaffold, 0.75, 0, 0, 1), members);
        // Karimireddy et al., algorithm 1, lines 16 and 17: x = x + eta mean(dx); c = c + |S|/N mean(dc).
        GradientData.AssertClose(GradientData.Plus(x, delta, 0.75), next.Parameters, 1e-15);
        GradientData.AssertClose(GradientData.Plus(c, control, participants / (double)members), next.Memory(0), 1e-15);
    }

    [Theory]
    [InlineData(ServerRule.Average)]
    [InlineData(ServerRule.Adam)]
    [InlineData(ServerRule.Yogi)]
    [InlineData(ServerRule.Scaffold)]
    public void A_step_in_single_precision_is_the_double_step_rounded_at_the_end(ServerRule rule)
    {
        Random random = new(6);
        double[] Draw() => [.. Enumerable.Range(0, 3).Select(_ => (double)(float)random.NextDouble())];
        ServerOptimizer optimizer = new(rule, 0.1, 0.9, 0.99, 0.001);
        for (int run = 0; run < 50; run++)
        {
            double[] x = Draw();
            double[][] memory = [.. Enumerable.Range(0, optimizer.MemoryCount).Select(_ => Draw())];
            AveragedUpdate average = new([.. Enumerable.Range(0, optimizer.VectorCount).Select(_ => new[] { random.NextDouble(), -random.NextDouble(), 1e-3 })], 9, 3);
            ModelState wide = Step(ModelState.Create(Shape, NumberFormat.Binary64, null, x, memory), average, optimizer);
            ModelState single = Step(ModelState.Create(Shape, NumberFormat.Binary32, null, x, memory), average, optimizer);
            Assert.Equal(wide.Parameters.ToArray().Select(value => (double)(float)value), single.Parameters.ToArray());
            Assert.Equal(NumberFormat.Binary32, single.Format);
            for (int i = 0; i < memory.Length; i++)
                Assert.Equal(wide.Memory(i).ToArray().Select(value => (double)(float)value), single.Memory(i).ToArray());
        }
    }

    [Theory]
    [InlineData(ServerRule.Average, 0.75, "51464d53010001020200000002000000030000009a99393f3333e3bf2db2dd3d")]
    [InlineData(ServerRule.Adam, 0.1, "51464d530100010202000000020000020300000013be013f4af8afbfc1091c3ea69b443df0a7c6bde02d903a9be6fd3ee700c13b4967a235")]
    [InlineData(ServerRule.Yogi, 0.1, "51464d5301000102020000000200000203000000a5bc013fdef4afbfc1091c3ea69b443df0a7c6bde02d903a098aff3eca54c13b4967a235")]
    [InlineData(ServerRule.Scaffold, 0.75, "51464d53010001020200000002000001030000009a99393f3333e3bf2db2dd3d7b142e3e52b85e3fec5138be")]
    public void Steps_are_golden(ServerRule rule, double rate, string expected)
    {
        // A replay on any machine must give these bits. Computed by an independent program (CPython's doubles, rounded to binary32 by its struct).
        ServerOptimizer optimizer = new(rule, rate, 0.9, 0.99, 0.001);
        double[][] memory = [[0.02, -0.03, 0], [0.5, 0.001, 0]], means = [[0.3, -0.7, 0.011], [0.25, 1.5, -0.3]];
        ModelState state = ModelState.Create(Shape, NumberFormat.Binary32, null, [0.5, -1.25, 0.1], memory[..optimizer.MemoryCount]);
        ModelState next = Step(state, new AveragedUpdate(means[..optimizer.VectorCount], 77, 3), optimizer, members: 5);
        Assert.Equal(expected, Convert.ToHexStringLower(next.ToCanonicalBytes()));
    }

    [Fact]
    public void All_but_numbers_stay()
    {
        Assert.True(Standardisation.TryCreate([1, 2], [3, 4], out Standardisation? standardisation));
        ModelState state = ModelState.Create(Shape, NumberFormat.Binary32, standardisation, [1, 2, 3]);
        ModelState next = Step(state, new AveragedUpdate([[1, 1, 1]], 5, 3), Average(1));
        Assert.Same(standardisation, next.Standardisation);
        Assert.Equal(Shape, next.Shape);
    }

    [Theory]
    [InlineData(ServerRule.Average, 1e39)] // beyond a float
    [InlineData(ServerRule.Average, double.PositiveInfinity)]
    [InlineData(ServerRule.Adam, 1e21)] // its square is beyond a float
    [InlineData(ServerRule.Adam, double.NaN)]
    [InlineData(ServerRule.Yogi, 1e200)]
    public void A_step_out_of_range_is_refused(ServerRule rule, double mean)
    {
        ServerOptimizer optimizer = new(rule, 1, 0.9, 0.99, 0.001);
        double[][] memory = [new double[3], new double[3]];
        ModelState state = ModelState.Create(Shape, NumberFormat.Binary32, null, [1, 2, 3], memory[..optimizer.MemoryCount]);
        var refused = Assert.IsType<StepOutcome<ModelState>.Refused>(ServerStep.Apply(state, new AveragedUpdate([[0, mean, 0]], 5, 3), optimizer, 3));
        Assert.Contains("diverges", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Misuse_is_refused()
    {
        ModelState plain = ModelState.Create(Shape, NumberFormat.Binary32, null, [1, 2, 3]);
        AveragedUpdate average = new([[1, 1, 1]], 5, 3);
        Assert.Throws<ArgumentException>(() => ServerStep.Apply(plain, average, new ServerOptimizer(ServerRule.Adam, 1, 0.9, 0.99, 0.001), 3));
        Assert.Throws<ArgumentException>(() => ServerStep.Apply(plain, new AveragedUpdate([[1, 1]], 5, 3), Average(1), 3));
        Assert.Throws<ArgumentException>(() => ServerStep.Apply(plain, new AveragedUpdate([[1, 1, 1], [1, 1, 1]], 5, 3), Average(1), 3));
        Assert.Throws<ArgumentException>(() => ServerStep.Apply(plain, average, Average(1), members: 2));
    }

    private static ServerOptimizer Average(double rate) => new(ServerRule.Average, rate, 0, 0, 1);

    private static ModelState Step(ModelState state, AveragedUpdate average, ServerOptimizer optimizer, int members = 5) =>
        ClearFederation.Stepped(ServerStep.Apply(state, average, optimizer, members));
}
