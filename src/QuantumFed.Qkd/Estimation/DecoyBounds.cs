namespace QuantumFed.Qkd;

/// <summary>What vacuum and a weak decoy say of single photons, for numbers that are exact: Ma, Qi, Zhao, Lo (2005), section III.</summary>
/// <param name="SinglePhotonYield">At least so often a single photon is detected, Y_1^L; 0 or less where nothing can be said.</param>
/// <param name="SinglePhotonErrorRate">At most so often it is detected wrongly, e_1^U; 1/2 where nothing can be said.</param>
public readonly record struct DecoyBounds(double SinglePhotonYield, double SinglePhotonErrorRate)
{
    /// <summary>The bounds.</summary>
    /// <param name="mu">The signal's mean photon number.</param>
    /// <param name="nu">The weak decoy's.</param>
    /// <param name="signalGain">Q_mu.</param>
    /// <param name="weakGain">Q_nu.</param>
    /// <param name="weakErrorGain">E_nu Q_nu.</param>
    /// <param name="backgroundYield">Y_0, the gain of the vacuum decoy.</param>
    public static DecoyBounds VacuumAndWeak(double mu, double nu, double signalGain, double weakGain, double weakErrorGain, double backgroundYield)
    {
        // Equation 34: Y_1^L = mu / (mu nu - nu^2) (Q_nu e^nu - Q_mu e^mu nu^2 / mu^2 - (mu^2 - nu^2) / mu^2 Y_0).
        double yield = mu / (mu * nu - nu * nu)
            * (weakGain * Math.Exp(nu) - signalGain * Math.Exp(mu) * (nu * nu) / (mu * mu) - (mu * mu - nu * nu) / (mu * mu) * backgroundYield);
        if (yield <= 0)
            return new DecoyBounds(yield, 0.5);
        // Equation 37: e_1^U = (E_nu Q_nu e^nu - e_0 Y_0) / (Y_1^L nu).
        double errorRate = (weakErrorGain * Math.Exp(nu) - 0.5 * backgroundYield) / (yield * nu);
        return new DecoyBounds(yield, Math.Clamp(errorRate, 0, 0.5));
    }
}
