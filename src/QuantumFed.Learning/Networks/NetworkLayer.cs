namespace QuantumFed.Learning;

/// <summary>Where one fully connected layer lies, in a model's parameters and in the packed floats that training works on.</summary>
/// <remarks>
/// In the model: out x in weights row by row, then out biases, from <see cref="Offset"/>. Packed, from <see cref="PackedOffset"/>: the
/// outputs in panels of <see cref="PanelProduct.Width"/>, each panel a row of weights for every input; then the biases. Numbers that only
/// fill up a panel or a tile are 0 and have gradient 0, so they stay 0.
/// </remarks>
internal sealed class NetworkLayer(int inputs, int outputs, int paddedInputs, int offset, int packedOffset)
{
    /// <summary>The inputs of the layer.</summary>
    public int Inputs { get; } = inputs;

    /// <summary>The outputs of the layer.</summary>
    public int Outputs { get; } = outputs;

    /// <summary>The inputs with what fills them up; the distance between two rows of the layer's input.</summary>
    public int PaddedInputs { get; } = paddedInputs;

    /// <summary>The outputs with what fills them up; the distance between two rows of the layer's output.</summary>
    public int PaddedOutputs { get; } = RoundUp(outputs, PanelProduct.Width);

    /// <summary>The first of the layer's numbers in the model's parameters.</summary>
    public int Offset { get; } = offset;

    /// <summary>The first of the layer's packed numbers.</summary>
    public int PackedOffset { get; } = packedOffset;

    /// <summary>The packed weights, biases not counted.</summary>
    public int PackedWeightCount => PaddedInputs * PaddedOutputs;

    /// <summary>The packed numbers.</summary>
    public int PackedCount => PackedWeightCount + PaddedOutputs;

    /// <summary>The numbers in the model's parameters.</summary>
    public int Count => Outputs * (Inputs + 1);

    /// <summary>The least multiple of <paramref name="unit"/> that is not below <paramref name="value"/>.</summary>
    public static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;

    /// <summary>The layer's weights, of all packed numbers.</summary>
    public Span<float> Weights(Span<float> packed) => packed.Slice(PackedOffset, PackedWeightCount);

    /// <summary>The layer's biases, of all packed numbers.</summary>
    public Span<float> Biases(Span<float> packed) => packed.Slice(PackedOffset + PackedWeightCount, PaddedOutputs);

    /// <summary>Where the model's number at a place of this layer, counted from <see cref="Offset"/>, is packed.</summary>
    public int PackedIndex(int index)
    {
        int weights = Outputs * Inputs;
        if (index >= weights) return PackedOffset + PackedWeightCount + (index - weights);
        (int output, int input) = Math.DivRem(index, Inputs);
        (int panel, int lane) = Math.DivRem(output, PanelProduct.Width);
        return PackedOffset + (panel * PaddedInputs + input) * PanelProduct.Width + lane;
    }
}
