using System.Globalization;

namespace QuantumFed.Lattice;

/// <summary>Times the lattice core on this machine, each operation after a warm-up, as medians.</summary>
public static class LatticeMeasurement
{
    /// <summary>Measures everything.</summary>
    /// <param name="parameters">The consortium's parameters; all <see cref="KaheParameters.Parties"/> encrypt, deal and sit on the committee.</param>
    /// <param name="sharing">M and t.</param>
    /// <param name="valueCount">The length of a member's vector.</param>
    /// <param name="threads">The threads for encryption, addition and decryption, at least 1.</param>
    /// <param name="tell">Told what is being measured.</param>
    /// <param name="peakMegabytes">Asked at the end for the process's largest size, which this library does not look up.</param>
    /// <param name="cancellation">Asked between two repetitions.</param>
    /// <exception cref="ArgumentOutOfRangeException">Values of fewer than 2 bits.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static LatticeTiming Run(
        KaheParameters parameters, SharingParameters sharing, int valueCount, int threads, Action<string> tell, Func<double> peakMegabytes,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(sharing);
        ArgumentNullException.ThrowIfNull(tell);
        ArgumentNullException.ThrowIfNull(peakMegabytes);
        var timer = new MedianTimer(cancellation);
        var transforms = new Dictionary<string, TransformTiming>();
        foreach (int degree in TransformMeasurement.Degrees)
        {
            tell(string.Create(CultureInfo.InvariantCulture, $"transforms of n = {degree}"));
            transforms.Add(degree.ToString(CultureInfo.InvariantCulture), TransformMeasurement.Run(degree, timer));
        }
        tell(string.Create(CultureInfo.InvariantCulture, $"encryption, addition and decryption of {valueCount} values of {parameters.Parties} members"));
        BulkTiming bulk = new BulkMeasurement(parameters, valueCount).Run(threads, timer);
        tell(string.Create(CultureInfo.InvariantCulture, $"the key layer of a committee of {sharing.CommitteeSize}"));
        (double share, double open, double combine) = KeyLayerMeasurement.Run(parameters, sharing, timer);
        double bytes = (double)parameters.CiphertextSizeInBytes(parameters.BlocksFor(valueCount)) / valueCount;
        return new LatticeTiming(
            threads, transforms, bulk.Encrypt.MparamPerSecond, bulk.Add.MparamPerSecond, bulk.AddArrivingMparamPerSecond, bulk.Decrypt.MparamPerSecond,
            bytes, share, open, combine, peakMegabytes(), bulk.Encrypt.Speedup, bulk.Add.Speedup, bulk.Decrypt.Speedup);
    }
}
