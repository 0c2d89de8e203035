namespace QuantumFed.Federation.Tests;

/// <summary>A journal that outlives the committee member's process.</summary>
internal sealed class MemoryJournal : IOpeningJournal
{
    private readonly List<Opening> _openings = [];

    public IReadOnlyList<Opening> Openings => _openings;

    /// <summary>Makes the next writes fail, as a full disk does.</summary>
    public bool Full { get; set; }

    /// <summary>Looks on when an opening is about to be written.</summary>
    public Action? Appending { get; set; }

    public void Append(Opening opening)
    {
        Appending?.Invoke();
        if (Full)
            throw new IOException("No space left on device.");
        _openings.Add(opening);
    }
}
