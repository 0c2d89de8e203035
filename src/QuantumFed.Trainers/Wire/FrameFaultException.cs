namespace QuantumFed.Trainers;

/// <summary>What a trainer wrote is not the frame that was asked for. The message goes on after "The trainer '...'".</summary>
internal sealed class FrameFaultException(FrameFaultKind kind, string message) : Exception(message)
{
    public FrameFaultKind Kind { get; } = kind;
}
