using QuantumFed.Learning;

namespace QuantumFed.Models;

/// <summary>A fully connected layer of a model: its name, its activation, and where its numbers lie in the parameters.</summary>
/// <param name="Name"><c>hidden 1</c>, <c>hidden 2</c> or <c>output</c>.</param>
/// <param name="Activation"><c>relu</c>, <c>sigmoid</c> or <c>softmax</c>.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Outputs">Its outputs.</param>
/// <param name="Offset">Where its weights begin, outputs x inputs row by row; its biases follow them.</param>
internal readonly record struct ModelLayer(string Name, string Activation, int Inputs, int Outputs, int Offset)
{
    /// <summary>Where the biases begin.</summary>
    public int BiasOffset => Offset + Inputs * Outputs;

    /// <summary>The layers of a model that is not opaque, from the input; they cover its parameters.</summary>
    public static IReadOnlyList<ModelLayer> Of(ModelShape shape)
    {
        int[] widths = [shape.FeatureCount, .. shape.Hidden, shape.Kind == ModelKind.Logistic ? 1 : shape.ClassCount];
        var layers = new ModelLayer[widths.Length - 1];
        int offset = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            bool last = i == layers.Length - 1;
            string activation = !last ? "relu" : shape.Kind == ModelKind.Logistic ? "sigmoid" : "softmax";
            layers[i] = new ModelLayer(last ? "output" : FormattableString.Invariant($"hidden {i + 1}"), activation, widths[i], widths[i + 1], offset);
            offset += widths[i + 1] * (widths[i] + 1);
        }

        return layers;
    }
}
