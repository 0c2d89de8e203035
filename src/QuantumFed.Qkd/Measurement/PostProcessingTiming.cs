namespace QuantumFed.Qkd;

/// <summary>What <see cref="PostProcessingMeasurement"/> found; one thread, medians, megabits of 10^6.</summary>
/// <param name="CascadeMbitPerSecond">Sifted key reconciled, both ends' work and both ends' plans counted, at n = 100,000 and Q = 5 %.</param>
/// <param name="CascadeSharedPlanMbitPerSecond">The same when the plan serves many blocks and is not counted.</param>
/// <param name="CascadeEfficiency">f of those runs: the parities given away, divided by n h(Q).</param>
/// <param name="CascadeMessages">The questions' messages per block.</param>
/// <param name="AmplifyMbitPerSecond">Reconciled key hashed from 2^20 to 2^19 bits, both ends' work counted.</param>
/// <param name="AmplifyOneEndMbitPerSecond">What one end does by itself: twice that.</param>
/// <param name="AmplifyPath">The kernel that ran.</param>
public sealed record PostProcessingTiming(
    double CascadeMbitPerSecond, double CascadeSharedPlanMbitPerSecond, double CascadeEfficiency, int CascadeMessages, double AmplifyMbitPerSecond,
    double AmplifyOneEndMbitPerSecond, string AmplifyPath);
