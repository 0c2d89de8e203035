namespace QuantumFed.Federation;

/// <summary>
/// A committee member's memory of what it opened in this federation: append-only, never forgotten, whatever a chain or a
/// coordinator says later.
/// </summary>
public interface IOpeningJournal
{
    /// <summary>All openings so far.</summary>
    IReadOnlyList<Opening> Openings { get; }

    /// <summary>Adds one; it is on disk when this returns.</summary>
    void Append(Opening opening);
}
