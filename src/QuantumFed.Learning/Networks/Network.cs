namespace QuantumFed.Learning;

/// <summary>
/// A model as fully connected layers with ReLU between them: logistic regression is one layer of one output, softmax regression one layer of C
/// outputs. Immutable; it knows where numbers lie and holds none.
/// </summary>
internal sealed class Network
{
    private Network(ModelShape shape, NetworkLayer[] layers)
    {
        Shape = shape;
        Layers = layers;
        PackedCount = layers[^1].PackedOffset + layers[^1].PackedCount;
    }

    /// <summary>The model's shape.</summary>
    public ModelShape Shape { get; }

    /// <summary>The layers, from the input.</summary>
    public IReadOnlyList<NetworkLayer> Layers { get; }

    /// <summary>The packed numbers of a model, a multiple of the machine's vector width.</summary>
    public int PackedCount { get; }

    /// <summary>The network of a shape.</summary>
    /// <exception cref="ArgumentException">The shape is opaque.</exception>
    public static Network Of(ModelShape shape)
    {
        if (shape.Kind == ModelKind.Opaque)
            throw new ArgumentException("An opaque model is understood by its members' own trainers only.", nameof(shape));
        int[] widths = [shape.FeatureCount, .. shape.Hidden, shape.Kind == ModelKind.Logistic ? 1 : shape.ClassCount];
        NetworkLayer[] layers = new NetworkLayer[widths.Length - 1];
        int paddedInputs = NetworkLayer.RoundUp(widths[0], PanelProduct.TileRows), offset = 0, packedOffset = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i] = new NetworkLayer(widths[i], widths[i + 1], paddedInputs, offset, packedOffset);
            paddedInputs = layers[i].PaddedOutputs;
            offset += layers[i].Count;
            packedOffset += layers[i].PackedCount;
        }

        return new Network(shape, layers);
    }

    /// <summary>The packed floats of P numbers in a model's layout, each rounded to the nearest float.</summary>
    public float[] Pack(ReadOnlySpan<double> parameters)
    {
        float[] packed = new float[PackedCount];
        foreach (NetworkLayer layer in Layers)
            for (int i = 0; i < layer.Count; i++)
                packed[layer.PackedIndex(i)] = (float)parameters[layer.Offset + i];
        return packed;
    }

    /// <summary>The P numbers, in a model's layout, of packed floats.</summary>
    public double[] Unpack(ReadOnlySpan<float> packed)
    {
        double[] parameters = new double[Shape.ParameterCount];
        foreach (NetworkLayer layer in Layers)
            for (int i = 0; i < layer.Count; i++)
                parameters[layer.Offset + i] = packed[layer.PackedIndex(i)];
        return parameters;
    }
}
