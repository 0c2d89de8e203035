using System.Globalization;

namespace QuantumFed.Lattice.Tests;

/// <summary>A statistic, and what a right sampler's exceeds with no more than the battery's false-alarm rate.</summary>
internal readonly record struct Verdict(string Name, double Value, double Threshold)
{
    internal bool IsRejected => !(Value <= Threshold);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}: {Value:G6}, at most {Threshold:G6}");
}
