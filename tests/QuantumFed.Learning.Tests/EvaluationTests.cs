namespace QuantumFed.Learning.Tests;

public sealed class EvaluationTests
{
    [Fact]
    public void Auc_is_the_share_of_pairs_ranked_rightly_ties_half()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            int rows = random.Next(2, 40), distinct = random.Next(1, 12);
            double[] scores = [.. Enumerable.Range(0, rows).Select(_ => (double)random.Next(distinct) / distinct)];
            byte[] labels = [.. Enumerable.Range(0, rows).Select(_ => (byte)random.Next(2))];
            double right = 0, pairs = 0;
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < rows; j++)
                    if (labels[i] == 1 && labels[j] == 0)
                    {
                        pairs++;
                        right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                    }

            double? expected = pairs == 0 ? null : right / pairs;
            Assert.True(expected == Evaluation.AreaUnderCurve(labels, scores), $"seed {seed}");
        }
    }

    [Fact]
    public void Auc_of_one_class_is_null()
    {
        Assert.Null(Evaluation.AreaUnderCurve([1, 1, 1], [0.1, 0.2, 0.3]));
        Assert.Null(Evaluation.AreaUnderCurve([0, 0], [0.1, 0.2]));
        Assert.Null(Evaluation.AreaUnderCurve([], []));
        Assert.Equal(1.0, Evaluation.AreaUnderCurve([0, 1], [0.1, 0.2]));
        Assert.Equal(0.0, Evaluation.AreaUnderCurve([1, 0], [0.1, 0.2]));
        Assert.Equal(0.5, Evaluation.AreaUnderCurve([1, 0], [0.2, 0.2]));
    }

    [Fact]
    public void A_probability_of_one_half_predicts_1()
    {
        Assert.Equal(0.75, Evaluation.AccuracyOf([1, 0, 1, 0], [0.5, 0.499, 0.9, 0.5]));
        Evaluation of = Evaluation.Of(LogisticModel.Zero(1), Dataset.Create(["a"], [1, 2, 3], [1, 1, 0]));
        Assert.Equal(new Evaluation(3, 2.0 / 3, 0.5), of);
    }

    [Fact]
    public void Misuse_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Evaluation.AccuracyOf([], []));
        Assert.Throws<ArgumentException>(() => Evaluation.AccuracyOf([1], [0.5, 0.5]));
        Assert.Throws<ArgumentException>(() => Evaluation.AreaUnderCurve([1], [0.5, 0.5]));
        Assert.Throws<ArgumentException>(() => Evaluation.AreaUnderCurve([1, 0], [0.5, double.NaN]));
    }
}
