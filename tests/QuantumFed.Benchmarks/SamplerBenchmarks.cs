using BenchmarkDotNet.Attributes;
using QuantumFed.Lattice;
using QuantumFed.Randomness;

namespace QuantumFed.Benchmarks;

/// <summary>From random bytes to 2048 samples, without what the bytes take (<see cref="RandomnessBenchmarks"/>).</summary>
public class SamplerBenchmarks : WidthBenchmarks
{
    private readonly byte[] _bytes = new byte[2048 * CentredBinomial.BytesPerSample];
    private readonly int[] _samples = new int[2048];
    private readonly double[] _residues = new double[2048];
    private readonly Modulus _modulus = Modulus.Create(Modulus.LargestBelow2To49);

    /// <summary>The distribution.</summary>
    [Params("CentredBinomial", "Ternary", "Uniform")]
    public string Distribution { get; set; } = "";

    /// <summary>Draws the bytes.</summary>
    [GlobalSetup]
    public void Setup()
    {
        using RandomStream random = RandomStream.FromSeed([3], "QuantumFed.Benchmarks");
        random.Fill(_bytes);
        if (Distribution == "Ternary")
            _ = Ternary.Compact(_bytes);
    }

    private protected override void Run(KernelPath path)
    {
        if (Distribution == "CentredBinomial")
            CentredBinomial.Count(path, _bytes, _samples);
        else if (Distribution == "Ternary")
            Ternary.Convert(path, _bytes, _samples);
        else
            _ = UniformResidues.Take(path, _bytes.AsSpan(0, 2048 * sizeof(ulong)), _modulus, _residues);
    }
}
