namespace QuantumFed.Qkd;

/// <summary>One of the disjoint things that can happen to a pulse of one intensity before the detectors; a list of them adds up to probability 1.</summary>
/// <param name="Emitted">With how many photons the pulse left the sender.</param>
/// <param name="IsKnownToEavesdropper">Whether an eavesdropper then knows the sender's bit for certain.</param>
/// <param name="Probability">How probable the case is.</param>
/// <param name="ClickProbability">The probability, in this case, that photons make a detector click.</param>
/// <param name="ErrorRate">The probability, in this case, that such a click gives the wrong bit although sender and receiver chose one basis.</param>
public readonly record struct ArrivalCase(PhotonNumberClass Emitted, bool IsKnownToEavesdropper, double Probability, double ClickProbability, double ErrorRate);
