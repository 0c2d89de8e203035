namespace QuantumFed.Qkd.Tests;

/// <summary>A disk that survives its end: the last state, and every key that was delivered.</summary>
internal sealed class MemoryJournal : ILinkJournal
{
    private int _saves;

    public byte[] State { get; set; } = [];

    public Dictionary<ulong, byte[]> Delivered { get; } = [];

    /// <summary>The save at which the process dies, or -1; and whether it dies before the disk has it or after.</summary>
    public int CrashAt { get; set; } = -1;

    public bool CrashAfter { get; set; }

    public int Saves => _saves;

    public ValueTask SaveAsync(ReadOnlyMemory<byte> state, DeliveredKey? delivered)
    {
        bool crash = _saves++ == CrashAt;
        if (crash && !CrashAfter)
            throw new CrashException();
        State = state.ToArray();
        if (delivered is { } key)
            Delivered.Add(key.Block, key.Key.ToArray());
        return crash ? throw new CrashException() : ValueTask.CompletedTask;
    }
}
