namespace QuantumFed.Qkd;

/// <summary>How probable a detection is, and what it is like when there is one: the link's closed form, ready to be drawn from.</summary>
internal sealed class ClickDistribution
{
    private readonly double[] _given = new double[DecoyProtocol.IntensityCount];
    private readonly double[] _clickOf = new double[DecoyProtocol.IntensityCount];
    private readonly AliasTable?[] _outcomes = new AliasTable?[2 * DecoyProtocol.IntensityCount];
    private readonly DecoyProtocol _protocol;

    internal ClickDistribution(SimulatedLink link)
    {
        _protocol = link.Protocol;
        double dark = link.Channel.DarkCountProbability;
        foreach (Intensity intensity in Enum.GetValues<Intensity>())
        {
            IReadOnlyList<ArrivalCase> cases = link.Eavesdropper.Arrivals(_protocol.MeanPhotonNumber(intensity), link.Channel);
            double[] matched = new double[GroundTruth.Outcomes], mixed = new double[GroundTruth.Outcomes];
            double click = 0;
            foreach (ArrivalCase arrival in cases)
            {
                // Photons, or else a dark count, whose bit is random; so is the bit of photons measured in the other basis.
                double seen = arrival.Probability * arrival.ClickProbability, unseen = arrival.Probability * (1 - arrival.ClickProbability) * dark;
                int right = GroundTruth.Outcome(arrival.Emitted, arrival.IsKnownToEavesdropper, false);
                matched[right] += seen * (1 - arrival.ErrorRate) + unseen / 2;
                matched[right + 1] += seen * arrival.ErrorRate + unseen / 2;
                mixed[right] += (seen + unseen) / 2;
                mixed[right + 1] += (seen + unseen) / 2;
                click += seen + unseen;
            }
            int k = (int)intensity;
            _clickOf[k] = click;
            _given[k] = _protocol.Probability(intensity) * click;
            ClickProbability += _given[k];
            if (click > 0)
            {
                _outcomes[2 * k] = new AliasTable(mixed);
                _outcomes[2 * k + 1] = new AliasTable(matched);
            }
        }
    }

    /// <summary>The probability that a pulse, of whatever intensity, is detected.</summary>
    internal double ClickProbability { get; }

    /// <summary>The probability that a detected pulse had this intensity.</summary>
    internal double GivenClick(Intensity intensity) => _given[(int)intensity] / ClickProbability;

    /// <summary>The probability that a pulse had this intensity, if the receiver was not blind and did not click.</summary>
    internal double GivenSilence(Intensity intensity) =>
        _protocol.Probability(intensity) * (1 - _clickOf[(int)intensity]) / (1 - ClickProbability);

    /// <summary>The table for <see cref="GroundTruth.Outcome"/>, at 2 intensity + (the bases agree).</summary>
    internal AliasTable?[] Outcomes => _outcomes;
}
