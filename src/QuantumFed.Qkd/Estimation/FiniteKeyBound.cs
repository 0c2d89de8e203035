namespace QuantumFed.Qkd;

/// <summary>How many secret bits counted detections hold, against any attack: Lim, Curty, Walenta, Xu, Zbinden, Phys. Rev. A 89, 022307 (2014).</summary>
/// <remarks>mu_1, mu_2, mu_3 are the signal, the weak and the vacuum decoy. The key basis X gives the key, with all intensities; Z is announced.</remarks>
public sealed record FiniteKeyBound
{
    private FiniteKeyBound() { }

    /// <summary>s_X,0: at least so many of the key basis's detections had no photon.</summary>
    public double VacuumEvents { get; private init; }

    /// <summary>s_X,1: at least so many had one; 0 or less where nothing can be said.</summary>
    public double SinglePhotonEvents { get; private init; }

    /// <summary>phi_X: of these, at most so large a share would have been wrong in the other basis; 1/2 where nothing can be said.</summary>
    public double PhaseErrorRate { get; private init; }

    /// <summary>The bits that reconciliation announces.</summary>
    public double LeakedBits { get; private init; }

    /// <summary>The key's length before it is rounded down; 0 or less where there is no key.</summary>
    public double SecretBits { get; private init; }

    /// <summary>The key's length.</summary>
    public long KeyLengthInBits => SecretBits >= 1 ? (long)SecretBits : 0;

    /// <summary>The bound for counts.</summary>
    /// <param name="protocol">Intensities and their probabilities.</param>
    /// <param name="counts">What was left after sifting.</param>
    /// <param name="leakedBits">lambda_EC, the bits that reconciliation announces, without the verification's.</param>
    /// <param name="security">How sure the parties want to be.</param>
    public static FiniteKeyBound Of(DecoyProtocol protocol, SiftedCounts counts, double leakedBits, FiniteKeySecurity security)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(counts);
        double epsilon = security.SecrecyEpsilon;
        (double vacuum, double single) = Events(protocol, counts.KeyBasis, epsilon);
        (_, double testSingle) = Events(protocol, counts.TestBasis, epsilon);
        double phaseErrorRate = 0.5;
        if (single > 0 && testSingle > 0)
        {
            // No rate below one error: with none seen the deviation below would vanish, too.
            double errorRate = Math.Max(SinglePhotonErrors(protocol, counts.TestBasis, epsilon), 1) / testSingle;
            // Equation 5: phi_X <= v_Z,1 / s_Z,1 + gamma(epsilon_sec, v_Z,1 / s_Z,1, s_Z,1, s_X,1).
            if (errorRate < 0.5)
                phaseErrorRate = Math.Min(0.5, errorRate + Gamma(epsilon, errorRate, testSingle, single));
        }
        // Equation 1: l = floor(s_X,0 + s_X,1 - s_X,1 h(phi_X) - lambda_EC - 6 log2(21 / epsilon_sec) - log2(2 / epsilon_cor)).
        double bits = vacuum + Math.Max(0, single) * (1 - BinaryEntropy.Of(phaseErrorRate)) - leakedBits
            - 6 * Math.Log2(21 / epsilon) - Math.Log2(2 / security.CorrectnessEpsilon);
        return new FiniteKeyBound
        {
            VacuumEvents = vacuum, SinglePhotonEvents = single, PhaseErrorRate = phaseErrorRate, LeakedBits = leakedBits, SecretBits = bits,
        };
    }

    /// <summary>The bound that an honest link without dead time gives on average.</summary>
    /// <param name="channel">The link.</param>
    /// <param name="protocol">Intensities and their probabilities.</param>
    /// <param name="pulses">How many are sent.</param>
    /// <param name="reconciliationEfficiency">f, at least 1.</param>
    /// <param name="security">How sure the parties want to be.</param>
    public static FiniteKeyBound Expected(
        OpticalChannel channel, DecoyProtocol protocol, double pulses, double reconciliationEfficiency, FiniteKeySecurity security)
    {
        var theory = new LinkTheory(channel);
        SiftedCounts counts = SiftedCounts.Expected(protocol, pulses, theory.Gain, theory.ErrorGain);
        return Of(protocol, counts, counts.KeyBasis.ReconciliationBits(reconciliationEfficiency), security);
    }

    /// <summary>s_0 and s_1 of a basis.</summary>
    private static (double Vacuum, double Single) Events(DecoyProtocol protocol, BasisCounts counts, double epsilon)
    {
        (double mu1, double mu2, double mu3) = Means(protocol);
        double tau0 = protocol.PhotonNumberProbability(0), tau1 = protocol.PhotonNumberProbability(1);
        // n^±_k = e^k / p_k [n_k ± sqrt(n / 2 ln(21 / epsilon_sec))].
        double deviation = Math.Sqrt(counts.TotalDetections / 2 * Math.Log(21 / epsilon));
        double N(Intensity k, double sign) =>
            Math.Exp(protocol.MeanPhotonNumber(k)) / protocol.Probability(k) * (counts.Detections(k) + sign * deviation);
        // Equation 2: s_0 >= tau_0 (mu_2 n^-_mu3 - mu_3 n^+_mu2) / (mu_2 - mu_3).
        double vacuum = Math.Max(0, tau0 * (mu2 * N(Intensity.Vacuum, -1) - mu3 * N(Intensity.Weak, 1)) / (mu2 - mu3));
        // Equation 3: s_1 >= tau_1 mu_1 [n^-_mu2 - n^+_mu3 - (mu_2^2 - mu_3^2) / mu_1^2 (n^+_mu1 - s_0 / tau_0)] / (mu_1 (mu_2 - mu_3) - mu_2^2 + mu_3^2).
        double single = tau1 * mu1
            * (N(Intensity.Weak, -1) - N(Intensity.Vacuum, 1) - (mu2 * mu2 - mu3 * mu3) / (mu1 * mu1) * (N(Intensity.Signal, 1) - vacuum / tau0))
            / (mu1 * (mu2 - mu3) - mu2 * mu2 + mu3 * mu3);
        return (vacuum, single);
    }

    /// <summary>Equation 4: v_1 &lt;= tau_1 (m^+_mu2 - m^-_mu3) / (mu_2 - mu_3).</summary>
    private static double SinglePhotonErrors(DecoyProtocol protocol, BasisCounts counts, double epsilon)
    {
        (_, double mu2, double mu3) = Means(protocol);
        double deviation = Math.Sqrt(counts.TotalErrors / 2 * Math.Log(21 / epsilon));
        // m^- may be negative, as in the paper: a bound at 0 would be the sharper one, and no longer the published one.
        double M(Intensity k, double sign) =>
            Math.Exp(protocol.MeanPhotonNumber(k)) / protocol.Probability(k) * (counts.Errors(k) + sign * deviation);
        return protocol.PhotonNumberProbability(1) * (M(Intensity.Weak, 1) - M(Intensity.Vacuum, -1)) / (mu2 - mu3);
    }

    /// <summary>gamma(a, b, c, d) = sqrt((c + d)(1 - b) b / (c d ln 2) log2((c + d) / (c d (1 - b) b) 21^2 / a^2)), below equation 5.</summary>
    private static double Gamma(double a, double b, double c, double d) =>
        Math.Sqrt((c + d) * (1 - b) * b / (c * d * Math.Log(2)) * Math.Max(0, Math.Log2((c + d) / (c * d * (1 - b) * b) * (21.0 * 21.0) / (a * a))));

    private static (double Mu1, double Mu2, double Mu3) Means(DecoyProtocol protocol) =>
        (protocol.MeanPhotonNumber(Intensity.Signal), protocol.MeanPhotonNumber(Intensity.Weak), protocol.MeanPhotonNumber(Intensity.Vacuum));
}
