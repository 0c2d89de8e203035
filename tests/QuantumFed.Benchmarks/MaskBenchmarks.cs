using BenchmarkDotNet.Attributes;
using QuantumFed.Lattice;
using QuantumFed.Randomness;

namespace QuantumFed.Benchmarks;

/// <summary>Errors and message onto the 2048 coefficients of a product, and off again.</summary>
public class MaskBenchmarks : WidthBenchmarks
{
    private readonly KaheParameters _parameters = KaheParameters.Create(10, 16);
    private readonly ulong[] _product = new ulong[2048], _sum = new ulong[2048], _message = new ulong[2048];
    private readonly int[] _errors = new int[2048];

    /// <summary>On, or off.</summary>
    [Params("Apply", "Remove")]
    public string Operation { get; set; } = "";

    /// <summary>Draws coefficients, errors and message.</summary>
    [GlobalSetup]
    public void Setup()
    {
        using RandomStream random = RandomStream.FromSeed([6], "QuantumFed.Benchmarks");
        CentredBinomial.Sample(random, new byte[2048 * CentredBinomial.BytesPerSample], _errors);
        for (int i = 0; i < _product.Length; i++)
        {
            _product[i] = random.NextUInt64() % Modulus.LargestBelow2To49;
            _sum[i] = random.NextUInt64() % Modulus.LargestBelow2To49;
            _message[i] = random.NextUInt64() >> (64 - _parameters.PlaintextBits);
        }
    }

    private protected override void Run(KernelPath path)
    {
        // Both leave what they started from in the range of the next run.
        if (Operation == "Apply")
            MessageMask.Apply(path, _product, _errors, _message, _parameters.PlaintextBits, Modulus.LargestBelow2To49);
        else
            _ = MessageMask.Remove(path, _sum, _product, _parameters.PlaintextBits, Modulus.LargestBelow2To49);
    }
}
