using BenchmarkDotNet.Attributes;
using QuantumFed.Lattice;
using QuantumFed.Randomness;

namespace QuantumFed.Benchmarks;

/// <summary>A block of 2048 residues to its 12,544 bytes and back.</summary>
public class PackingBenchmarks : WidthBenchmarks
{
    private readonly ulong[] _residues = new ulong[2048];
    private readonly byte[] _packed = new byte[2048 / CoefficientPacking.GroupCoefficients * CoefficientPacking.GroupSizeInBytes];

    /// <summary>To bytes, or back.</summary>
    [Params("Pack", "Unpack")]
    public string Operation { get; set; } = "";

    /// <summary>Draws residues.</summary>
    [GlobalSetup]
    public void Setup()
    {
        using RandomStream random = RandomStream.FromSeed([5], "QuantumFed.Benchmarks");
        for (int i = 0; i < _residues.Length; i++)
            _residues[i] = random.NextUInt64() % Modulus.LargestBelow2To49;
        CoefficientPacking.Pack(_residues, _packed);
    }

    private protected override void Run(KernelPath path)
    {
        if (Operation == "Pack")
            CoefficientPacking.Pack(path, _residues, _packed);
        else
            _ = CoefficientPacking.TryUnpack(path, _packed, _residues, Modulus.LargestBelow2To49);
    }
}
