using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

[Trait("Runs", "OnEveryPath")]
public sealed class CascadeTests
{
    public static TheoryData<int, double> Sizes => new()
    {
        { 2, 0.1 }, { 3, 0.4 }, { 63, 0.1 }, { 64, 0.05 }, { 65, 0.2 }, { 127, 0.1 }, { 128, 0.1 }, { 1000, 0.03 }, { 4096, 0.11 }, { 100_000, 0.05 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Reconciled_key_is_the_reference_at_every_length(int bits, double errorRate)
    {
        using RandomStream random = RandomStream.FromSeed(NoisyKey.Seed(bits), "lengths");
        for (int run = 0; run < 20; run++)
        {
            NoisyKey keys = NoisyKey.Draw(bits, (int)(bits * errorRate), random);
            using var asking = new CascadeReconciler();
            using var answering = new CascadeResponder();
            using CascadePlan plan = CascadePlan.Create(bits, errorRate, NoisyKey.Seed(run));
            CascadeStatus status = CascadeExchange.Run(plan, asking, keys.Noisy, answering, keys.Reference);
            // A short key has fewer bits than the 16 passes ask parities.
            if (bits < 1000 && status == CascadeStatus.RefusedLeakage)
                continue;
            Assert.Equal(CascadeStatus.Reconciled, status);
            Assert.Equal(keys.Reference, asking.Key);
            Assert.Equal((int)(bits * errorRate), asking.CorrectedBits);
        }
    }

    [Fact]
    public void Equal_keys_cost_the_top_blocks_only()
    {
        using RandomStream random = RandomStream.FromSeed("equal"u8, "equal");
        NoisyKey keys = NoisyKey.Draw(10_000, 0, random);
        using var asking = new CascadeReconciler();
        using var answering = new CascadeResponder();
        Assert.Equal(CascadeStatus.Reconciled, CascadeExchange.Run(CascadePlan.Create(10_000, 0, []), asking, keys.Noisy, answering, keys.Reference));
        Assert.Equal(30, answering.LeakedBits);
        Assert.Equal(16, asking.Messages);
    }

    [Fact]
    public void A_second_run_in_the_same_memory_is_as_good_as_the_first()
    {
        using RandomStream random = RandomStream.FromSeed("again"u8, "again");
        using var asking = new CascadeReconciler();
        using var answering = new CascadeResponder();
        for (int run = 0; run < 5; run++)
        {
            NoisyKey keys = NoisyKey.Draw(5_000, 200, random);
            Assert.Equal(CascadeStatus.Reconciled,
                CascadeExchange.Run(CascadePlan.Create(5_000, 0.04, NoisyKey.Seed(run)), asking, keys.Noisy, answering, keys.Reference));
            Assert.Equal(keys.Reference, asking.Key);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Many_blocks_run_on_the_callers_number_of_threads(int threads)
    {
        using RandomStream random = RandomStream.FromSeed("many"u8, "many");
        NoisyKey[] keys = [.. Enumerable.Range(0, 12).Select(_ => NoisyKey.Draw(20_000, 600, random))];
        ulong[][] corrected = [.. keys.Select(k => k.Noisy)];
        (CascadeStatus Status, int LeakedBits)[] outcomes = CascadeExchange.RunMany(
            CascadePlan.Create(20_000, 0.03, "many"u8), corrected, [.. keys.Select(k => k.Reference)], threads, TestContext.Current.CancellationToken);
        Assert.All(outcomes, outcome => Assert.Equal(CascadeStatus.Reconciled, outcome.Status));
        Assert.All(outcomes, outcome => Assert.InRange(ReconciliationEfficiency.Of(outcome.LeakedBits, 20_000, 0.03), 1.0, 1.25));
        Assert.Equal(keys.Select(k => k.Reference), corrected);
    }

    [Fact]
    public void A_plan_depends_on_its_seed_alone()
    {
        CascadePlan one = CascadePlan.Create(1000, 0.05, "a"u8), same = CascadePlan.Create(1000, 0.05, "a"u8), other = CascadePlan.Create(1000, 0.05, "b"u8);
        Assert.Equal(one.Order, same.Order);
        Assert.Equal(one.Mask(29), same.Mask(29));
        Assert.False(one.Order.SequenceEqual(other.Order));
        Assert.Equal(Enumerable.Range(0, 1000), one.Order.ToArray().Order());
        Assert.All(Enumerable.Range(0, 1000), bit => Assert.Equal(bit, one.Order[one.Place[bit]]));
    }

    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(CascadePlan.MostBits + 1, 0.1)]
    [InlineData(100, -0.1)]
    [InlineData(100, 0.5)]
    [InlineData(100, double.NaN)]
    public void A_plan_outside_its_ranges_is_refused(int bits, double errorRate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CascadePlan.Create(bits, errorRate, []));

    [Fact]
    public void A_disposed_plan_begins_no_run()
    {
        CascadePlan plan = CascadePlan.Create(100, 0.1, []);
        plan.Dispose();
        plan.Dispose();
        using var asking = new CascadeReconciler();
        using var answering = new CascadeResponder();
        Assert.Throws<ObjectDisposedException>(() => asking.Start(plan, new ulong[2]).Length);
        Assert.Throws<ObjectDisposedException>(() => answering.Start(plan, new ulong[2]));
    }
}
