using BenchmarkDotNet.Attributes;
using QuantumFed.Lattice;

namespace QuantumFed.Benchmarks;

/// <summary>A secret to the shares of a committee, and the sums of ten members' shares to the sum of their secrets; sealing is not in it.</summary>
[MemoryDiagnoser]
public class SharingBenchmarks
{
    private readonly KaheParameters _parameters = KaheParameters.Create(10, 16);
    private readonly Dictionary<int, ShareSum> _sums = [];
    private SharingParameters? _sharing;
    private KaheSecretKey? _secret;

    /// <summary>M; the threshold is the default.</summary>
    [Params(4, 10, 50)]
    public int Committee { get; set; }

    /// <summary>Deals ten secrets and sums their shares.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _sharing = SharingParameters.ForCommittee(Committee);
        _secret = KaheSecretKey.Generate(_parameters);
        List<SecretShare>[] received = [.. Enumerable.Range(0, Committee).Select(_ => new List<SecretShare>())];
        for (int member = 0; member < _parameters.Parties; member++)
        {
            using KaheSecretKey secret = KaheSecretKey.Generate(_parameters);
            DealtShares shares = SecretSharing.Deal(secret, _sharing);
            for (int receiver = 1; receiver <= _sharing.Threshold; receiver++)
                received[receiver - 1].Add(shares[receiver]);
        }
        for (int receiver = 1; receiver <= _sharing.Threshold; receiver++)
            _sums.Add(receiver, ShareSum.Of(received[receiver - 1]));
    }

    /// <summary>One member's dealing.</summary>
    [Benchmark]
    public void Deal() => SecretSharing.Deal(_secret!, _sharing!).Dispose();

    /// <summary>The threshold's sums to the secrets' sum.</summary>
    [Benchmark]
    public bool Combine() => KeySumCombiner.TryCombine(_parameters, _sharing!, _parameters.Parties, _sums, out _);

    /// <summary>Erases the secret.</summary>
    [GlobalCleanup]
    public void Cleanup() => _secret?.Dispose();
}
