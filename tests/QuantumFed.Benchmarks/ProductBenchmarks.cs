using BenchmarkDotNet.Attributes;
using QuantumFed.Lattice;
using QuantumFed.Randomness;

namespace QuantumFed.Benchmarks;

/// <summary>Operations on the 2048 elements of KAHE's ring, and its product of two transformed elements back to residues.</summary>
public class ProductBenchmarks : WidthBenchmarks
{
    private readonly Dictionary<KernelPath, NegacyclicRing> _rings = [];
    private readonly double[] _x = new double[2048], _sum = new double[2048];
    private readonly ulong[] _residues = new ulong[2048], _others = new ulong[2048];
    private TransformedElement? _factor;

    /// <summary>What is done.</summary>
    [Params("Multiply", "MultiplyAdd", "MultiplyInverse", "AddResidues")]
    public string Operation { get; set; } = "";

    /// <summary>Draws elements.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Modulus modulus = Modulus.Create(Modulus.LargestBelow2To49);
        foreach (KernelPath path in Enum.GetValues<KernelPath>().Where(KernelPaths.IsSupported))
            _rings[path] = NegacyclicRing.Create(modulus, 2048, path);
        using RandomStream random = RandomStream.FromSeed([2], "QuantumFed.Benchmarks");
        UniformResidues.Draw(random, modulus, new byte[1024], _x);
        int[] small = new int[2048];
        Ternary.Sample(random, new byte[Ternary.BytesFor(small.Length)], small);
        _factor = TransformedElement.Of(KaheParameterSet.Kahe2048.Rings[0], small);
    }

    /// <summary>Erases the factor.</summary>
    [GlobalCleanup]
    public void Cleanup() => _factor?.Dispose();

    private protected override void Run(KernelPath path)
    {
        TransformedElement factor = _factor!;
        switch (Operation)
        {
            case "Multiply":
                ProductDriver.Apply<Product>(path, _x, factor.Values, factor.OverQ, _sum, Modulus.LargestBelow2To49);
                break;
            case "MultiplyAdd":
                ProductDriver.Apply<ProductSum>(path, _x, factor.Values, factor.OverQ, _sum, Modulus.LargestBelow2To49);
                break;
            case "MultiplyInverse":
                _rings[path].MultiplyInverse(_x, factor, _sum, _residues);
                break;
            default:
                ResidueDriver.Apply<AddMod>(path, _residues, _others, _residues, Modulus.LargestBelow2To49);
                break;
        }
    }
}
