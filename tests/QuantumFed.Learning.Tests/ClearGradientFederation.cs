using System.Buffers.Binary;
using QuantumFed.Randomness;

namespace QuantumFed.Learning.Tests;

/// <summary>A federation of gradient methods in the clear: updates clipped, weighted by rows and averaged in doubles, without fixed point.</summary>
internal sealed class ClearGradientFederation(IReadOnlyList<Dataset> train, LocalTraining settings, ClearServerRule rule, double serverRate = 1)
{
    private readonly List<double> _updateNorms = [];
    private readonly List<double> _controlNorms = [];

    /// <summary>The norms of all updates before clipping.</summary>
    public IReadOnlyList<double> UpdateNorms => _updateNorms;

    /// <summary>The norms of all changes of SCAFFOLD's control variates; nothing clips them.</summary>
    public IReadOnlyList<double> ControlNorms => _controlNorms;

    public double ClipNorm { get; init; } = TrainingDefaults.ClipNorm;

    /// <summary>Tau of FedAdam and FedYogi.</summary>
    public double Tau { get; init; } = TrainingDefaults.Adaptivity;

    public ModelState Train(ModelShape shape, int rounds, long seed = 1)
    {
        ModelState start = InitialModel.Create(shape, NumberFormat.Binary32, 0, seed);
        double[] x = start.Parameters.ToArray(), c = new double[x.Length], first = new double[x.Length], second = new double[x.Length];
        double[][] controls = [.. train.Select(_ => new double[x.Length])];
        double rows = train.Sum(t => (double)t.RowCount);
        for (int round = 0; round < rounds; round++)
        {
            ModelState model = ModelState.Create(shape, NumberFormat.Binary32, null, x);
            double[] mean = new double[x.Length], meanChange = new double[x.Length];
            for (int i = 0; i < train.Count; i++)
            {
                byte[] name = new byte[16];
                BinaryPrimitives.WriteInt64LittleEndian(name, seed);
                BinaryPrimitives.WriteInt32LittleEndian(name.AsSpan(8), round);
                BinaryPrimitives.WriteInt32LittleEndian(name.AsSpan(12), i);
                using RandomStream shuffling = RandomStream.FromSeed(name, "QuantumFed.Tests.ClearGradientFederation");
                double[] correction = rule == ClearServerRule.Scaffold ? [.. c.Zip(controls[i], (server, own) => server - own)] : [];
                LocalUpdate update = LocalTrainer.Train(model, train[i], settings, correction, shuffling);
                double weight = train[i].RowCount / rows, norm = Norm(update.Delta), clip = Math.Min(1, ClipNorm / norm);
                _updateNorms.Add(norm);
                for (int j = 0; j < x.Length; j++) mean[j] += weight * clip * update.Delta[j];
                if (rule != ClearServerRule.Scaffold) continue;
                double[] change = ScaffoldControl.Change(c, update.Delta, update.StepCount, settings.LearningRate);
                _controlNorms.Add(Norm(change));
                for (int j = 0; j < x.Length; j++)
                {
                    controls[i][j] += change[j];
                    meanChange[j] += weight * change[j];
                }
            }

            for (int j = 0; j < x.Length; j++)
            {
                c[j] += meanChange[j];
                x[j] = (float)(x[j] + serverRate * Direction(mean[j], ref first[j], ref second[j]));
            }
        }

        return ModelState.Create(shape, NumberFormat.Binary32, null, x);
    }

    // Reddi et al., "Adaptive Federated Optimization", ICLR 2021, algorithm 2.
    private double Direction(double mean, ref double m, ref double v)
    {
        const double Beta1 = 0.9, Beta2 = 0.99;
        if (rule is ClearServerRule.FedAvg or ClearServerRule.Scaffold) return mean;
        double square = mean * mean;
        m = Beta1 * m + (1 - Beta1) * mean;
        v = rule == ClearServerRule.FedAdam
            ? Beta2 * v + (1 - Beta2) * square
            : v - (1 - Beta2) * square * Math.Sign(v - square);
        return m / (Math.Sqrt(v) + Tau);
    }

    private static double Norm(double[] numbers) => Math.Sqrt(numbers.Sum(x => x * x));
}
