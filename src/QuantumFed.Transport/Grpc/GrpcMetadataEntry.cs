namespace QuantumFed.Transport;

/// <summary>One entry of metadata: a text, or bytes where the name ends in <c>-bin</c>.</summary>
/// <param name="Name">The name, in lower case.</param>
/// <param name="Text">The text, empty for a binary entry.</param>
/// <param name="Binary">The bytes, empty for a text entry.</param>
public readonly record struct GrpcMetadataEntry(string Name, string Text, ReadOnlyMemory<byte> Binary);
