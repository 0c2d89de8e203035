using BenchmarkDotNet.Attributes;
using QuantumFed.Lattice;
using QuantumFed.Randomness;

namespace QuantumFed.Benchmarks;

/// <summary>A fresh key alone, and with the encryption of so many blocks of 4062 values of 16 bits (10 members): one block is the difference.</summary>
[MemoryDiagnoser]
public class EncryptionBenchmarks
{
    private readonly KaheParameters _parameters = KaheParameters.Create(10, 16);
    private PublicElements? _elements;
    private uint[] _values = [];

    /// <summary>Blocks.</summary>
    [Params(1, 17, 257)]
    public int Blocks { get; set; }

    /// <summary>Expands the public elements and draws values.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _elements = PublicElements.Expand(_parameters, new byte[PublicElements.SeedSizeInBytes], Blocks);
        _values = new uint[Blocks * _parameters.ValuesPerBlock];
        using RandomStream random = RandomStream.FromSeed([7], "QuantumFed.Benchmarks");
        for (int i = 0; i < _values.Length; i++)
            _values[i] = (uint)(random.NextUInt64() & _parameters.MaxValue);
    }

    /// <summary>A secret, transformed.</summary>
    [Benchmark(Baseline = true)]
    public void Key() => KaheSecretKey.Generate(_parameters).Dispose();

    /// <summary>A secret and the ciphertext of all blocks.</summary>
    [Benchmark]
    public KaheCiphertext KeyAndBlocks()
    {
        using KaheSecretKey key = KaheSecretKey.Generate(_parameters);
        return Kahe.Encrypt(_parameters, key, _elements!, _values);
    }
}
