namespace QuantumFed.Qkd;

/// <summary>What both ends know of a transmission beside its sifted counts.</summary>
/// <param name="Protocol">What was agreed.</param>
/// <param name="Sent">Pulses sent, by intensity.</param>
/// <param name="LivePulses">Those that met a receiver that was not blind.</param>
/// <param name="Detections">Detections by intensity, whatever the bases.</param>
internal sealed record LinkObservation(DecoyProtocol Protocol, long[] Sent, long LivePulses, long[] Detections)
{
    internal long Pulses => Sent.Sum();
}
