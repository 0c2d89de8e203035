using BenchmarkDotNet.Attributes;
using QuantumFed.Lattice;
using QuantumFed.Randomness;

namespace QuantumFed.Benchmarks;

/// <summary>2048 samples with their random bytes, at the widest kernels, against the bytes alone: AES-256-CTR.</summary>
public class RandomnessBenchmarks
{
    private readonly byte[] _scratch = new byte[2048 * CentredBinomial.BytesPerSample];
    private readonly int[] _samples = new int[2048];
    private readonly double[] _residues = new double[2048];
    private readonly Modulus _modulus = Modulus.Create(Modulus.LargestBelow2To49);
    private readonly RandomStream _random = RandomStream.FromSeed([4], "QuantumFed.Benchmarks");

    /// <summary>24 KiB, as many as the centred binomial samples take.</summary>
    [Benchmark(Baseline = true)]
    public void Bytes() => _random.Fill(_scratch);

    /// <summary>CBD(42): 24 KiB.</summary>
    [Benchmark]
    public void CentredBinomialSamples() => CentredBinomial.Sample(_random, _scratch, _samples);

    /// <summary>-1, 0, 1: about 0.4 KiB.</summary>
    [Benchmark]
    public void TernarySamples() => Ternary.Sample(_random, _scratch, _samples);

    /// <summary>Residues modulo q: 16 KiB.</summary>
    [Benchmark]
    public void UniformSamples() => UniformResidues.Draw(_random, _modulus, _scratch.AsSpan(0, 2048 * sizeof(ulong)), _residues);

    /// <summary>Erases the stream.</summary>
    [GlobalCleanup]
    public void Cleanup() => _random.Dispose();
}
