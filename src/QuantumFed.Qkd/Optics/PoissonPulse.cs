using QuantumFed.Randomness;

namespace QuantumFed.Qkd;

/// <summary>A weak coherent pulse of random phase: its photon number has the Poisson distribution.</summary>
internal static class PoissonPulse
{
    /// <summary>The probability of a photon number class.</summary>
    internal static double Probability(PhotonNumberClass photons, double mean) => photons switch
    {
        PhotonNumberClass.None => Math.Exp(-mean),
        PhotonNumberClass.One => mean * Math.Exp(-mean),
        // 1 - (1 + x) e^-x loses its digits for a small x; the series starts at x^2/2.
        _ => mean < 1e-3 ? mean * mean * (1.0 / 2 - mean * (1.0 / 3 - mean / 8)) : 1 - Math.Exp(-mean) - mean * Math.Exp(-mean),
    };

    /// <summary>The probability that at least one photon is detected, where each is with this probability, <em>and</em> that the class was sent.</summary>
    internal static double ClickProbability(PhotonNumberClass sent, double mean, double detection) => sent switch
    {
        PhotonNumberClass.None => 0,
        PhotonNumberClass.One => mean * Math.Exp(-mean) * detection,
        // All clicks but the single photons'; at least 0 where rounding says otherwise.
        _ => Math.Max(0, 1 - Math.Exp(-mean * detection) - mean * Math.Exp(-mean) * detection),
    };

    /// <summary>Draws a photon number: one uniform number, compared with the cumulative distribution term by term.</summary>
    internal static int Sample(double mean, double vacuumProbability, RandomStream physics)
    {
        double u = physics.NextDouble(), term = vacuumProbability, sum = term;
        int photons = 0;
        // Means are at most 10: beyond 200 the terms are below the resolution of u.
        while (u >= sum && photons < 200)
        {
            photons++;
            term *= mean / photons;
            sum += term;
        }
        return photons;
    }
}
