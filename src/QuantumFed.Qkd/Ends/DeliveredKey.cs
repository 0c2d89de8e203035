namespace QuantumFed.Qkd;

/// <summary>A settled block's key on its way to the link's users.</summary>
/// <param name="Block">The block's number, the same at both ends. No number is delivered twice.</param>
/// <param name="Key">The key; erased when the journal has returned.</param>
/// <param name="IsSecret">Whether everything random in the transmission came from the operating system's generator.</param>
public readonly record struct DeliveredKey(ulong Block, ReadOnlyMemory<byte> Key, bool IsSecret)
{
    /// <summary>Names the block only.</summary>
    public override string ToString() => $"block {Block}, {8L * Key.Length} bits";
}
