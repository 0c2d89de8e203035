namespace QuantumFed.Federation.Tests;

/// <summary>A journal that outlives the committee member's process.</summary>
internal sealed class MemoryJournal : IOpeningJournal
{
    private readonly List<Opening> _openings = [];

    public IReadOnlyList<Opening> Openings => _openings;

    /// <summary>Makes the next writes fail, as a full disk does.</summary>
    public bool Full { get; set; }

    public void Append(Opening opening)
    {
        if (Full)
            throw new IOException("No space left on device.");
        _openings.Add(opening);
    }
}
