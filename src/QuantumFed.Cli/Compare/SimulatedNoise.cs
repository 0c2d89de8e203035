using System.Numerics.Tensors;
using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Randomness;

namespace QuantumFed.Cli;

/// <summary>
/// Federated averaging with Gaussian noise (McMahan et al., "Learning Differentially Private Recurrent Language Models", ICLR 2018), simulated in one
/// process: every hospital counts alike, its update clipped to norm C; the sum gets noise of deviation z C. What is protected is a hospital's
/// part as a whole; few hospitals therefore need much noise.
/// </summary>
internal sealed class SimulatedNoise
{
    // Far below the clip of the exact methods: noise grows with it.
    private const double ClipNorm = 1;

    private readonly RandomStream _random = RandomStream.FromOperatingSystem();
    private readonly double _multiplier;

    public SimulatedNoise(LearningTask task, double epsilon, double delta) =>
        _multiplier = GaussianMechanism.NoiseMultiplier(epsilon, delta, task.Rounds);

    /// <summary>The noisy mean of a round.</summary>
    public AveragedUpdate Add(int round, IReadOnlyList<(double[] Delta, int Rows)> updates)
    {
        double[] sum = new double[updates[0].Delta.Length];
        foreach ((double[] delta, _) in updates)
        {
            double norm = TensorPrimitives.Norm<double>(delta), factor = norm > ClipNorm ? ClipNorm / norm : 1;
            TensorPrimitives.MultiplyAdd(delta, factor, sum, sum);
        }
        for (int j = 0; j < sum.Length; j++)
            sum[j] = (sum[j] + _multiplier * ClipNorm * _random.NextGaussian()) / updates.Count;
        return new AveragedUpdate([sum], updates.Count, updates.Count);
    }
}
