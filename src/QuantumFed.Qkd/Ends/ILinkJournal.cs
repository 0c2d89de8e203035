namespace QuantumFed.Qkd;

/// <summary>Where an end's state survives the process.</summary>
public interface ILinkJournal
{
    /// <summary>Replaces the saved state and keeps the key, both or neither, and returns when that would survive a power failure.</summary>
    /// <param name="state">The bytes of <see cref="LinkEndState.ToBytes"/>; secret, erased when the call has returned.</param>
    /// <param name="delivered">A key for the link's users, or nothing.</param>
    /// <remarks>
    /// An older state must never come back: its keys were used. When the call throws, the end takes no further block, because it cannot know what was saved; it is
    /// opened again from what is there.
    /// </remarks>
    ValueTask SaveAsync(ReadOnlyMemory<byte> state, DeliveredKey? delivered);
}
