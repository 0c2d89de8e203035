using System.Numerics.Tensors;

namespace QuantumFed.Learning;

/// <summary>
/// Forward and backward passes of a network over a few rows at a time, in buffers that are allocated once. For one thread.
/// </summary>
/// <remarks>Backpropagation (Rumelhart, Hinton and Williams, Nature 323, 1986), one matrix product per layer and direction.</remarks>
internal sealed class NetworkPass
{
    /// <summary>The most rows of a pass: with 150 features they and a panel of weights fit a first-level cache of 48 KiB.</summary>
    public const int MaxRows = 64;

    private readonly Network _network;
    private readonly float[] _input;
    private readonly float[][] _outputs;
    private readonly float[][] _deltas;
    private readonly float[][] _transposed;
    private readonly float[] _panel;
    private readonly float[] _zeros = new float[PanelProduct.Width];

    /// <summary>Allocates the buffers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">The most rows that will come; above <see cref="MaxRows"/> that many.</param>
    /// <param name="backward">Whether gradients will be asked for.</param>
    public NetworkPass(Network network, int rows, bool backward)
    {
        _network = network;
        RowCapacity = Math.Min(rows, MaxRows);
        int padded = NetworkLayer.RoundUp(RowCapacity, PanelProduct.TileRows);
        IReadOnlyList<NetworkLayer> layers = network.Layers;
        _input = new float[padded * layers[0].PaddedInputs];
        _outputs = [.. layers.Select(layer => new float[padded * layer.PaddedOutputs])];
        _deltas = backward ? [.. layers.Select(layer => new float[padded * layer.PaddedOutputs])] : [];
        _transposed = backward ? [.. layers.Select((layer, i) => i == 0 ? [] : new float[layer.PackedWeightCount])] : [];
        _panel = backward ? new float[padded * PanelProduct.Width] : [];
    }

    /// <summary>The most rows of one pass.</summary>
    public int RowCapacity { get; }

    /// <summary>Puts a row of standardised features in its place, rounded to floats.</summary>
    public void SetInput(int row, ReadOnlySpan<double> features)
        => TensorPrimitives.ConvertTruncating(features, _input.AsSpan(row * _network.Layers[0].PaddedInputs, features.Length));

    /// <summary>The last layer's outputs for a row of the last <see cref="Forward"/>, before softmax or sigmoid.</summary>
    public Span<float> Logits(int row) => _outputs[^1].AsSpan(row * _network.Layers[^1].PaddedOutputs, _network.Layers[^1].Outputs);

    /// <summary>The loss's derivatives by <see cref="Logits"/>, to be set before <see cref="Backward"/>.</summary>
    public Span<float> LogitDeltas(int row) => _deltas[^1].AsSpan(row * _network.Layers[^1].PaddedOutputs, _network.Layers[^1].Outputs);

    /// <summary>Computes the logits of the first rows of the input.</summary>
    public void Forward(Span<float> parameters, int rows)
    {
        // Rows that only fill up the last tile are computed too, from whatever is in their place, and used by nobody.
        int padded = NetworkLayer.RoundUp(rows, PanelProduct.TileRows), width = PanelProduct.Width;
        for (int i = 0; i < _outputs.Length; i++)
        {
            NetworkLayer layer = _network.Layers[i];
            Span<float> weights = layer.Weights(parameters), biases = layer.Biases(parameters), output = _outputs[i];
            for (int first = 0; first < layer.PaddedOutputs; first += width)
                PanelProduct.Multiply(
                    InputOf(i), layer.PaddedInputs, 1, weights.Slice(first * layer.PaddedInputs, layer.PaddedInputs * width),
                    biases.Slice(first, width), 0, output[first..], layer.PaddedOutputs, padded, layer.PaddedInputs);
            if (i == _outputs.Length - 1) break;
            Span<float> used = output[..(padded * layer.PaddedOutputs)];
            TensorPrimitives.Max(used, 0f, used);
        }
    }

    /// <summary>Takes note of the weights for <see cref="Backward"/>: once per step, however many passes it takes.</summary>
    public void TransposeWeights(Span<float> parameters)
    {
        int width = PanelProduct.Width;
        for (int l = 1; l < _transposed.Length; l++)
        {
            NetworkLayer layer = _network.Layers[l];
            ReadOnlySpan<float> weights = layer.Weights(parameters);
            Span<float> transposed = _transposed[l];
            int depth = layer.PaddedOutputs;
            for (int output = 0; output < layer.Outputs; output++)
            {
                ReadOnlySpan<float> from = weights[(output / width * layer.PaddedInputs * width + output % width)..];
                for (int first = 0; first < layer.PaddedInputs; first += width)
                {
                    Span<float> to = transposed.Slice((first / width * depth + output) * width, width);
                    ReadOnlySpan<float> column = from[(first * width)..];
                    for (int lane = 0; lane < to.Length; lane++) to[lane] = column[lane * width];
                }
            }
        }
    }

    /// <summary>Adds the gradient of the rows of the last <see cref="Forward"/>, whose logits' derivatives have been set.</summary>
    public void Backward(Span<float> gradient, int rows)
    {
        int padded = NetworkLayer.RoundUp(rows, PanelProduct.TileRows), width = PanelProduct.Width;
        for (int l = _network.Layers.Count - 1; l >= 0; l--)
        {
            NetworkLayer layer = _network.Layers[l];
            ReadOnlySpan<float> deltas = _deltas[l], input = InputOf(l);
            Span<float> weights = layer.Weights(gradient), biases = layer.Biases(gradient);
            for (int row = 0; row < rows; row++)
                TensorPrimitives.Add(biases, deltas.Slice(row * layer.PaddedOutputs, layer.PaddedOutputs), biases);
            for (int first = 0; first < layer.PaddedOutputs; first += width)
            {
                for (int row = 0; row < rows; row++)
                    deltas.Slice(row * layer.PaddedOutputs + first, width).CopyTo(_panel.AsSpan(row * width));
                Span<float> slice = weights.Slice(first * layer.PaddedInputs, layer.PaddedInputs * width);
                PanelProduct.Multiply(input, 1, layer.PaddedInputs, _panel, slice, width, slice, width, layer.PaddedInputs, rows);
            }

            if (l == 0) break;
            Span<float> below = _deltas[l - 1];
            for (int first = 0; first < layer.PaddedInputs; first += width)
                PanelProduct.Multiply(
                    deltas, layer.PaddedOutputs, 1, _transposed[l].AsSpan(first * layer.PaddedOutputs, layer.PaddedOutputs * width),
                    _zeros, 0, below[first..], layer.PaddedInputs, padded, layer.PaddedOutputs);
            StopWhereInactive(input[..(rows * layer.PaddedInputs)], below);
        }
    }

    // ReLU's derivative: 0 where the output is 0.
    private static void StopWhereInactive(ReadOnlySpan<float> activations, Span<float> deltas)
    {
        for (int i = 0; i < activations.Length; i++)
            deltas[i] = activations[i] > 0 ? deltas[i] : 0;
    }

    private float[] InputOf(int layer) => layer == 0 ? _input : _outputs[layer - 1];
}
