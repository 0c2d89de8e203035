namespace QuantumFed.Transport;

/// <summary>A message that was read, or (the default value) the end of the stream.</summary>
internal readonly record struct ReceivedMessage<T>(bool HasValue, T Value);
