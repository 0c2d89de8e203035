namespace QuantumFed.Learning.Tests;

/// <summary>A federation without encryption: the same statistics, quantiser, sums and steps, added in the clear.</summary>
internal static class ClearFederation
{
    public static double[] Sum(IReadOnlyList<double[]> contributions)
    {
        FixedPointQuantizer quantizer = FixedPointQuantizer.Statistics;
        int length = contributions[0].Length;
        ulong[] limbSums = new ulong[length * quantizer.Limbs];
        uint[] limbs = new uint[limbSums.Length];
        foreach (double[] contribution in contributions)
        {
            Assert.True(quantizer.TryQuantize(contribution, limbs, out RangeViolation violation), violation.ToString());
            for (int i = 0; i < limbs.Length; i++) limbSums[i] += limbs[i];
        }

        double[] sums = new double[length];
        quantizer.DequantizeSum(limbSums, contributions.Count, sums);
        return sums;
    }

    public static LogisticModel Train(
        IReadOnlyList<HospitalCohort> cohorts, bool federatedStandardisation, int rounds, double l2 = NewtonStep.DefaultL2)
    {
        LogisticModel model = LogisticModel.Zero(cohorts[0].Train.FeatureCount);
        if (federatedStandardisation)
            model = Standardised(model.FeatureCount, Sum([.. cohorts.Select(c => MomentStatistics.Compute(c.Train, Units(model.FeatureCount)))]));
        Dataset[] train = [.. cohorts.Select(c => c.Standardise(model.Standardisation).Train)];
        for (int round = 0; round < rounds; round++)
            model = Stepped(NewtonStep.Apply(model, Sum([.. train.Select(t => NewtonStatistics.Compute(t, model))]), l2));
        return model;
    }

    /// <summary>The zero model with the standardisation that the sums imply.</summary>
    public static LogisticModel Standardised(int features, double[] sums) =>
        Stepped(MomentStep.Apply(ModelState.From(LogisticModel.Zero(features)), sums, Units(features))).ToLogistic();

    /// <summary>Magnitudes that change nothing.</summary>
    public static int[] Units(int features) => new int[features];

    public static TModel Stepped<TModel>(StepOutcome<TModel> outcome) => Assert.IsType<StepOutcome<TModel>.Stepped>(outcome).Model;
}
