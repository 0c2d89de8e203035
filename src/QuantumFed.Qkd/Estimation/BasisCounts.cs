namespace QuantumFed.Qkd;

/// <summary>The detections of one basis that both parties chose, by intensity, and how many of them are wrong.</summary>
/// <remarks>Whole numbers where they were counted, any where they are expected. Immutable.</remarks>
public sealed class BasisCounts
{
    private readonly double[] _detections, _errors;

    /// <summary>Takes counts in the order of <see cref="Intensity"/>.</summary>
    /// <exception cref="ArgumentException">There are not three of each.</exception>
    public BasisCounts(ReadOnlySpan<double> detections, ReadOnlySpan<double> errors)
    {
        if (detections.Length != DecoyProtocol.IntensityCount || errors.Length != DecoyProtocol.IntensityCount)
            throw new ArgumentException("One count for each intensity.", nameof(detections));
        _detections = detections.ToArray();
        _errors = errors.ToArray();
        TotalDetections = _detections.Sum();
        TotalErrors = _errors.Sum();
    }

    /// <summary>n_k.</summary>
    public double Detections(Intensity intensity) => _detections[(int)intensity];

    /// <summary>m_k.</summary>
    public double Errors(Intensity intensity) => _errors[(int)intensity];

    /// <summary>n, over all intensities.</summary>
    public double TotalDetections { get; }

    /// <summary>m, over all intensities.</summary>
    public double TotalErrors { get; }

    /// <summary>m / n; 0 where nothing was detected.</summary>
    public double QuantumBitErrorRate => TotalDetections > 0 ? TotalErrors / TotalDetections : 0;

    /// <summary>f n H(m / n): what reconciliation of all of them is expected to announce (Lim et al. 2014, section IV).</summary>
    public double ReconciliationBits(double efficiency) => efficiency * TotalDetections * BinaryEntropy.Of(QuantumBitErrorRate);
}
