using System.Globalization;
using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

/// <summary>The figures of 10,000 runs per error rate of an independent implementation; see Vectors/README.md.</summary>
public sealed class CascadeStatisticsTests
{
    private const int Length = 10_000;

    // Fewer parities than the reference's are no fault: below Q = 0.5 % searches that wait for each other save up to 4 %.
    // Standard errors within the tolerance of 2 %: a right implementation fails at a rate below 2e-9 per error rate.
    private const double StandardErrors = 6;

    [Fact]
    public void Mean_efficiency_is_the_references_within_2_percent_and_better_by_up_to_5_percent_below_errors_of_half_a_percent()
    {
        List<string> wrong = [];
        double worst = 0;
        Parallel.ForEach(ReferenceRows(), row =>
        {
            double relative = row.Deviation / row.Mean;
            int runs = (int)Math.Clamp(Math.Ceiling(Math.Pow(StandardErrors * relative / 0.02, 2)), 40, 2000);
            double mean = MeanLeakage(row.ErrorRate, row.Errors, runs), off = mean / row.Mean - 1;
            lock (wrong)
            {
                worst = Math.Max(worst, Math.Abs(off));
                if (off > 0.02 || off < (row.ErrorRate >= 0.005 ? -0.02 : -0.05))
                    wrong.Add(string.Create(CultureInfo.InvariantCulture, $"Q = {row.ErrorRate}: {mean:f1} parities, reference {row.Mean:f1} ({runs} runs)"));
            }
        });
        TestContext.Current.SendDiagnosticMessage($"Worst relative difference of the mean efficiency: {worst:p2}.");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Ten_thousand_runs_at_2_percent_leave_no_error() =>
        Parallel.For(0, 10_000, run =>
        {
            using RandomStream random = RandomStream.FromSeed(NoisyKey.Seed(run), "no frame error");
            NoisyKey keys = NoisyKey.Draw(Length, Length / 50, random);
            using CascadePlan plan = CascadePlan.Create(Length, 0.02, NoisyKey.Seed(run));
            (CascadeStatus status, ulong[] corrected, _) = Reconcile(plan, keys);
            Assert.Equal(CascadeStatus.Reconciled, status);
            Assert.Equal(keys.Reference, corrected);
        });

    private static double MeanLeakage(double errorRate, int errors, int runs)
    {
        using RandomStream random = RandomStream.FromSeed(BitConverter.GetBytes(errorRate), "mean efficiency");
        long leaked = 0;
        for (int run = 0; run < runs; run++)
        {
            NoisyKey keys = NoisyKey.Draw(Length, errors, random);
            using CascadePlan plan = CascadePlan.Create(Length, errorRate, NoisyKey.Seed(run));
            leaked += Reconcile(plan, keys).Leaked;
        }

        return (double)leaked / runs;
    }

    private static (CascadeStatus Status, ulong[] Corrected, int Leaked) Reconcile(CascadePlan plan, NoisyKey keys)
    {
        using var asking = new CascadeReconciler();
        using var answering = new CascadeResponder();
        CascadeStatus status = CascadeExchange.Run(plan, asking, keys.Noisy, answering, keys.Reference);
        Assert.Equal(asking.LeakedBits, answering.LeakedBits);
        return (status, asking.Key.ToArray(), answering.LeakedBits);
    }

    private static IEnumerable<(double ErrorRate, int Errors, double Mean, double Deviation)> ReferenceRows() =>
        from line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Vectors", "cascade-option4-n10000.csv")).Skip(1)
        let cells = line.Split(',').Select(cell => cell.Length == 0 ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()
        select (cells[0], (int)cells[1], cells[3], cells[4]);
}
