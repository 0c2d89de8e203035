namespace QuantumFed.Qkd;

/// <summary>Key bits for each signal pulse where so many are sent that nothing fluctuates: Gottesman, Lo, Lütkenhaus, Preskill, as Ma et al. (2005) write it.</summary>
public static class AsymptoticKeyRate
{
    /// <summary>Equation 1: R = q {-Q_mu f H(E_mu) + Q_1 [1 - H(e_1)]}, with Q_1 = Y_1 mu e^-mu (equation 8). Below 0 where there is no key.</summary>
    /// <param name="mu">The signal's mean photon number.</param>
    /// <param name="signalGain">Q_mu.</param>
    /// <param name="signalErrorRate">E_mu.</param>
    /// <param name="singlePhotons">Y_1 and e_1, or their bounds.</param>
    /// <param name="reconciliationEfficiency">f, at least 1: bits announced for each bit that Shannon's limit asks for.</param>
    /// <param name="siftedShare">q: how many of the detections are kept.</param>
    public static double Of(double mu, double signalGain, double signalErrorRate, DecoyBounds singlePhotons, double reconciliationEfficiency, double siftedShare) =>
        siftedShare * (
            -signalGain * reconciliationEfficiency * BinaryEntropy.Of(signalErrorRate)
            + Math.Max(0, singlePhotons.SinglePhotonYield) * mu * Math.Exp(-mu) * (1 - BinaryEntropy.Of(singlePhotons.SinglePhotonErrorRate)));

    /// <summary>With Y_1 and e_1 known as exactly as infinitely many decoys would tell them.</summary>
    public static double InfiniteDecoys(LinkTheory link, double mu, double reconciliationEfficiency, double siftedShare)
    {
        ArgumentNullException.ThrowIfNull(link);
        var exact = new DecoyBounds(link.SinglePhotonYield, link.SinglePhotonErrorRate);
        return Of(mu, link.Gain(mu), link.QuantumBitErrorRate(mu), exact, reconciliationEfficiency, siftedShare);
    }

    /// <summary>With the bounds that vacuum and one weak decoy give.</summary>
    public static double VacuumAndWeak(LinkTheory link, double mu, double nu, double reconciliationEfficiency, double siftedShare)
    {
        ArgumentNullException.ThrowIfNull(link);
        DecoyBounds bounds = DecoyBounds.VacuumAndWeak(mu, nu, link.Gain(mu), link.Gain(nu), link.ErrorGain(nu), link.Gain(0));
        return Of(mu, link.Gain(mu), link.QuantumBitErrorRate(mu), bounds, reconciliationEfficiency, siftedShare);
    }

    /// <summary>The signal that gives most key with little background and loss: (1 - mu) e^-mu = f H(e_d) / (1 - H(e_d)) (equation 12), by bisection.</summary>
    /// <returns>A mean photon number in [0, 1]; 0 where no signal gives a key.</returns>
    public static double OptimalMeanPhotonNumber(double misalignmentErrorRate, double reconciliationEfficiency)
    {
        double entropy = BinaryEntropy.Of(misalignmentErrorRate), wanted = reconciliationEfficiency * entropy / (1 - entropy);
        double low = 0, high = 1;
        // The left side falls from 1 to 0.
        while (high - low > 1e-12)
        {
            double mu = (low + high) / 2;
            if ((1 - mu) * Math.Exp(-mu) > wanted)
                low = mu;
            else
                high = mu;
        }
        return low;
    }
}
