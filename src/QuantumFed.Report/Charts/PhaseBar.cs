namespace QuantumFed.Report;

/// <summary>A round's bar: the seconds of every phase, in the order of the key; 0 where it had none.</summary>
/// <param name="Round">The round's number.</param>
/// <param name="Seconds">One for each phase of the chart.</param>
internal sealed record PhaseBar(double Round, IReadOnlyList<double> Seconds);
