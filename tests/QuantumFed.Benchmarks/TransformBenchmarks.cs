using BenchmarkDotNet.Attributes;
using QuantumFed.Lattice;
using QuantumFed.Randomness;

namespace QuantumFed.Benchmarks;

/// <summary>One transform of n coefficients modulo one prime of at most 49 bits, as the kernels call it: not reduced after. Copying the input is in it.</summary>
public class TransformBenchmarks : WidthBenchmarks
{
    private readonly Dictionary<KernelPath, NegacyclicRing> _rings = [];
    private double[] _start = [], _work = [];

    /// <summary>n.</summary>
    [Params(1024, 2048, 4096, 8192, 16384, 32768)]
    public int Degree { get; set; }

    /// <summary>From coefficients to values, or back.</summary>
    [Params("Forward", "Inverse")]
    public string Direction { get; set; } = "";

    /// <summary>Makes rings and coefficients.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Modulus modulus = TransformMeasurement.PrimeFor(Degree);
        foreach (KernelPath path in Enum.GetValues<KernelPath>().Where(KernelPaths.IsSupported))
            _rings[path] = NegacyclicRing.Create(modulus, Degree, path);
        (_start, _work) = (new double[Degree], new double[Degree]);
        using RandomStream random = RandomStream.FromSeed([1], "QuantumFed.Benchmarks");
        UniformResidues.Draw(random, modulus, new byte[1024], _start);
    }

    private protected override void Run(KernelPath path)
    {
        _start.CopyTo(_work, 0);
        if (Direction == "Forward")
            _rings[path].ForwardOnly(_work);
        else
            _rings[path].InverseOnly(_work);
    }
}
