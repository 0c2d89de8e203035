using QuantumFed.Learning;

namespace QuantumFed.Cli;

/// <summary>What a run over the network came to.</summary>
/// <param name="Model">The last model.</param>
/// <param name="RoundSeconds">
/// From the end of each round to the end of the next, by the coordinator's events: the start of processes is in no run. At least one.
/// </param>
/// <param name="BytesPerMember">What a member sent to and received from the coordinator in these rounds, the mean.</param>
/// <param name="Verified">Whether the audit holds; true where there is nothing to audit.</param>
internal sealed record NetworkTiming(ModelState Model, IReadOnlyList<double> RoundSeconds, double BytesPerMember, bool Verified)
{
    /// <summary>From the end of the first round to the end of the last.</summary>
    public double Seconds => RoundSeconds.Sum();

    /// <summary>The median round: what other work on the machine disturbed in a few rounds is not in it, nor what happens only in the first.</summary>
    public double MedianRoundSeconds
    {
        get
        {
            double[] sorted = [.. RoundSeconds.Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    /// <summary>The seconds between successive moments.</summary>
    public static IReadOnlyList<double> Between(IReadOnlyList<double> ends) => [.. ends.Skip(1).Zip(ends, (end, before) => end - before)];
}
