namespace QuantumFed.Qkd;

/// <summary>What the two parties agree on: the three intensities, how often each is sent, and how often either party chooses the key basis.</summary>
/// <remarks>Immutable and checked: whoever holds one need not check it again.</remarks>
public sealed record DecoyProtocol
{
    /// <summary>The number of intensities.</summary>
    public const int IntensityCount = 3;

    private readonly double[] _meanPhotonNumbers;
    private readonly double[] _probabilities;

    private DecoyProtocol(double[] meanPhotonNumbers, double[] probabilities, double keyBasisProbability)
    {
        _meanPhotonNumbers = meanPhotonNumbers;
        _probabilities = probabilities;
        KeyBasisProbability = keyBasisProbability;
    }

    /// <summary>The intensities with which Ma, Qi, Zhao and Lo (2005) evaluate the experiment of Gobby, Yuan and Shields: mu = 0.48, nu = 0.05 and vacuum.
    /// The probabilities are ours: 70, 20 and 10 %, and the key basis in 9 of 10 pulses.</summary>
    public static DecoyProtocol Gys { get; } = Create(0.48, 0.05, 0, 0.7, 0.2, 0.9);

    /// <summary>The same signal, and more and brighter weak decoys: 0.48, 0.15 and vacuum in 50, 35 and 15 % of the pulses, and the key basis in 4 of 5. A weak decoy of
    /// 0.05 is detected so rarely that its fluctuations cost the whole key of a billion pulses; this agreement leaves one.</summary>
    public static DecoyProtocol FiniteKey { get; } = Create(0.48, 0.15, 0, 0.5, 0.35, 0.8);

    /// <summary>The probability that a party chooses <see cref="Basis.X"/>; both choose alike and independently.</summary>
    public double KeyBasisProbability { get; }

    /// <summary>The share of detections in which both chose one basis, p^2 + (1 - p)^2: the paper's q, where both bases give key.</summary>
    public double MatchingProbability => KeyBasisProbability * KeyBasisProbability + (1 - KeyBasisProbability) * (1 - KeyBasisProbability);

    /// <summary>The mean photon number of a pulse.</summary>
    public double MeanPhotonNumber(Intensity intensity) => _meanPhotonNumbers[(int)intensity];

    /// <summary>The probability that a pulse is sent with this intensity.</summary>
    public double Probability(Intensity intensity) => _probabilities[(int)intensity];

    /// <summary>tau_n, the probability that a pulse has n photons, over all intensities (Lim et al. 2014, below equation 2).</summary>
    public double PhotonNumberProbability(int photons)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(photons);
        double tau = 0;
        for (int k = 0; k < IntensityCount; k++)
        {
            double term = _probabilities[k] * Math.Exp(-_meanPhotonNumbers[k]);
            for (int n = 1; n <= photons; n++)
                term *= _meanPhotonNumbers[k] / n;
            tau += term;
        }
        return tau;
    }

    /// <summary>Checks an agreement.</summary>
    /// <param name="signal">The signal's mean photon number, mu_1 &gt; mu_2 + mu_3.</param>
    /// <param name="weak">The weak decoy's, mu_2 &gt; mu_3.</param>
    /// <param name="vacuum">The vacuum decoy's, mu_3 &gt;= 0.</param>
    /// <param name="signalProbability">In (0, 1).</param>
    /// <param name="weakProbability">In (0, 1); what is left of 1 is the vacuum decoy's, and above 0.</param>
    /// <param name="keyBasisProbability">In (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static DecoyProtocol Create(double signal, double weak, double vacuum, double signalProbability, double weakProbability, double keyBasisProbability)
    {
        // Negated comparisons, so that NaN is refused too.
        if (!(vacuum >= 0))
            throw new ArgumentOutOfRangeException(nameof(vacuum), vacuum, "A mean photon number is at least 0.");
        if (!(weak > vacuum))
            throw new ArgumentOutOfRangeException(nameof(weak), weak, "The weak decoy is brighter than the vacuum decoy.");
        if (!(signal > weak + vacuum && signal <= 10))
            throw new ArgumentOutOfRangeException(nameof(signal), signal, "The signal is brighter than both decoys together, and at most 10.");
        if (!(signalProbability > 0 && signalProbability < 1))
            throw new ArgumentOutOfRangeException(nameof(signalProbability), signalProbability, "A probability of an intensity lies between 0 and 1.");
        if (!(weakProbability > 0 && signalProbability + weakProbability < 1))
            throw new ArgumentOutOfRangeException(nameof(weakProbability), weakProbability, "Something must be left for every intensity.");
        if (!(keyBasisProbability > 0 && keyBasisProbability < 1))
            throw new ArgumentOutOfRangeException(nameof(keyBasisProbability), keyBasisProbability, "A probability of a basis lies between 0 and 1.");
        return new DecoyProtocol(
            [signal, weak, vacuum], [signalProbability, weakProbability, 1 - signalProbability - weakProbability], keyBasisProbability);
    }
}
