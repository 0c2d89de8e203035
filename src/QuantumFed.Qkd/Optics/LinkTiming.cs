namespace QuantumFed.Qkd;

/// <summary>How fast this machine simulates, on one thread: medians, in millions of pulses a second.</summary>
/// <param name="SimulateMpulsePerSecond">By <see cref="BlockSimulator"/>.</param>
/// <param name="PulseByPulseMpulsePerSecond">By <see cref="PulseSimulator"/>.</param>
/// <param name="SiftMpulsePerSecond">Counting and taking out the sifted bits, for each pulse that was sent.</param>
public sealed record LinkTiming(double SimulateMpulsePerSecond, double PulseByPulseMpulsePerSecond, double SiftMpulsePerSecond);
