namespace QuantumFed.Qkd;

/// <summary>What an honest link shows on average: Ma, Qi, Zhao, Lo, Phys. Rev. A 72, 012326 (2005), section II.</summary>
public sealed class LinkTheory
{
    private const double BackgroundErrorRate = 0.5;

    private readonly double _eta, _y0, _misalignment;

    /// <summary>The theory of a channel, without dead time.</summary>
    public LinkTheory(OpticalChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        _eta = channel.Transmittance;
        _y0 = channel.DarkCountProbability;
        _misalignment = channel.MisalignmentErrorRate;
    }

    /// <summary>Q_mu = Y_0 + 1 - e^(-eta mu) (equation 10): the probability that a pulse is detected.</summary>
    /// <remarks>A pulse that photons and a dark count would both have made click counts twice in the paper; the term is 10^-6 of the gain.</remarks>
    public double Gain(double meanPhotonNumber) => _y0 + 1 - Math.Exp(-_eta * meanPhotonNumber);

    /// <summary>The probability that a pulse of a protocol is detected, whatever its intensity.</summary>
    public double Gain(DecoyProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return Enum.GetValues<Intensity>().Sum(intensity => protocol.Probability(intensity) * Gain(protocol.MeanPhotonNumber(intensity)));
    }

    /// <summary>E_mu Q_mu = e_0 Y_0 + e_d (1 - e^(-eta mu)) (equation 11): the probability that a pulse is detected wrongly.</summary>
    public double ErrorGain(double meanPhotonNumber) => BackgroundErrorRate * _y0 + _misalignment * (1 - Math.Exp(-_eta * meanPhotonNumber));

    /// <summary>E_mu, the quantum bit error rate; 1/2 where nothing is detected.</summary>
    public double QuantumBitErrorRate(double meanPhotonNumber) =>
        Gain(meanPhotonNumber) is var gain and > 0 ? ErrorGain(meanPhotonNumber) / gain : BackgroundErrorRate;

    /// <summary>Y_1 = Y_0 + eta - Y_0 eta (equation 7): the probability that a single photon's pulse is detected.</summary>
    public double SinglePhotonYield => _y0 + _eta - _y0 * _eta;

    /// <summary>e_1 = (e_0 Y_0 + e_d eta) / Y_1 (equation 9).</summary>
    public double SinglePhotonErrorRate => SinglePhotonYield > 0 ? (BackgroundErrorRate * _y0 + _misalignment * _eta) / SinglePhotonYield : BackgroundErrorRate;
}
