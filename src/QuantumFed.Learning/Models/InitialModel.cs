using System.Buffers.Binary;
using QuantumFed.Randomness;

namespace QuantumFed.Learning;

/// <summary>The model that training starts from; the same bits for the same shape and seed on every machine.</summary>
public static class InitialModel
{
    /// <summary>
    /// Zero, but for a multilayer perceptron: weights of variance 2 / fan-in (He et al., "Delving Deep into Rectifiers", 2015, section 2.2), drawn
    /// from the seed, and biases of zero.
    /// </summary>
    /// <param name="shape">The shape.</param>
    /// <param name="format">The numbers' format.</param>
    /// <param name="memoryCount">How many vectors the coordinator's optimiser remembers; they start at zero.</param>
    /// <param name="seed">The agreed seed; public.</param>
    public static ModelState Create(ModelShape shape, NumberFormat format, int memoryCount, long seed)
    {
        ArgumentNullException.ThrowIfNull(shape);
        double[] parameters = new double[shape.ParameterCount];
        if (shape.Kind == ModelKind.Mlp) DrawLayers(shape, seed, parameters);
        double[][] memory = new double[memoryCount][];
        for (int i = 0; i < memoryCount; i++) memory[i] = new double[shape.ParameterCount];
        return ModelState.Create(shape, format, null, parameters, memory);
    }

    private static void DrawLayers(ModelShape shape, long seed, Span<double> parameters)
    {
        Span<byte> seedBytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(seedBytes, seed);
        using RandomStream random = RandomStream.FromSeed(seedBytes, "QuantumFed.InitialModel.v1");
        int[] widths = [shape.FeatureCount, .. shape.Hidden, shape.ClassCount];
        for (int layer = 1; layer < widths.Length; layer++)
        {
            int weights = widths[layer] * widths[layer - 1];
            double deviation = Math.Sqrt(2.0 / widths[layer - 1]);
            for (int i = 0; i < weights; i++) parameters[i] = deviation * random.NextGaussian();
            parameters = parameters[(weights + widths[layer])..];
        }
    }
}
