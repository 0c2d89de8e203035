using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace QuantumFed.Learning;

/// <summary>The optimiser of one member's training: parameters, a gradient to fill, and the step from one to the next.</summary>
internal sealed class LocalSteps
{
    // Adam's defaults, Kingma and Ba, ICLR 2015, algorithm 1.
    private const float Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f;

    private readonly Network _network;
    private readonly LocalTraining _settings;
    private readonly float[] _parameters;
    private readonly float[] _gradient;
    private readonly float[]? _correction;
    private readonly float[]? _origin;
    private readonly float[] _firstMoment = [];
    private readonly float[] _secondMoment = [];
    private int _stepCount;

    /// <summary>Begins at the round's parameters.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Packed; handed over.</param>
    /// <param name="correction">What is added to every gradient, packed; <see langword="null"/> for nothing.</param>
    /// <param name="settings">How to step.</param>
    public LocalSteps(Network network, float[] parameters, float[]? correction, LocalTraining settings)
    {
        _network = network;
        _settings = settings;
        _parameters = parameters;
        _gradient = new float[parameters.Length];
        _correction = correction;
        if (settings.Proximal > 0) _origin = [.. parameters];
        if (settings.Optimizer != LocalOptimizer.Adam) return;
        _firstMoment = new float[parameters.Length];
        _secondMoment = new float[parameters.Length];
    }

    /// <summary>The packed parameters.</summary>
    public Span<float> Parameters => _parameters;

    /// <summary>Where a batch's mean gradient is added up, packed; 0 after every step.</summary>
    public Span<float> Gradient => _gradient;

    /// <summary>Takes one step and clears the gradient.</summary>
    public void Take()
    {
        _stepCount++;
        if (_settings.WeightDecay > 0) AddDecay((float)_settings.WeightDecay);
        if (_origin is not null) AddProximal((float)_settings.Proximal);
        if (_correction is not null) TensorPrimitives.Add(_gradient, _correction, _gradient);
        if (_settings.Optimizer == LocalOptimizer.Adam) StepAdam();
        else TensorPrimitives.MultiplyAdd(_gradient, -(float)_settings.LearningRate, _parameters, _parameters);
        Gradient.Clear();
    }

    private void AddDecay(float lambda)
    {
        // By index: an enumerator of the list would be allocated every step.
        for (int i = 0; i < _network.Layers.Count; i++)
        {
            NetworkLayer layer = _network.Layers[i];
            Span<float> gradient = layer.Weights(_gradient);
            TensorPrimitives.MultiplyAdd(layer.Weights(_parameters), lambda, gradient, gradient);
        }
    }

    // Packed lengths are multiples of the vector width, so neither loop has a tail.
    private void AddProximal(float mu)
    {
        Span<Vector<float>> g = Vectors(_gradient), x = Vectors(_parameters), origin = Vectors(_origin);
        for (int i = 0; i < g.Length; i++) g[i] += mu * (x[i] - origin[i]);
    }

    private void StepAdam()
    {
        // alpha m^ / (sqrt(v^) + eps), with both corrections of the bias taken out of the loop.
        double first = 1 - Math.Pow(Beta1, _stepCount), second = 1 - Math.Pow(Beta2, _stepCount);
        var rate = new Vector<float>((float)(_settings.LearningRate / first));
        var inverse = new Vector<float>((float)(1 / second));
        var epsilon = new Vector<float>(Epsilon);
        Span<Vector<float>> g = Vectors(_gradient), x = Vectors(_parameters), m = Vectors(_firstMoment), v = Vectors(_secondMoment);
        for (int i = 0; i < g.Length; i++)
        {
            m[i] = Beta1 * m[i] + (1 - Beta1) * g[i];
            v[i] = Beta2 * v[i] + (1 - Beta2) * (g[i] * g[i]);
            x[i] -= rate * m[i] / (Vector.SquareRoot(v[i] * inverse) + epsilon);
        }
    }

    private static Span<Vector<float>> Vectors(Span<float> numbers) => MemoryMarshal.Cast<float, Vector<float>>(numbers);
}
