namespace QuantumFed.Protocol;

/// <summary>A thing a party says: it has one kind and one canonical encoding.</summary>
/// <typeparam name="TSelf">The record type itself.</typeparam>
public interface IRecord<TSelf>
    where TSelf : IRecord<TSelf>
{
    /// <summary>The record's kind.</summary>
    static abstract RecordKind Kind { get; }

    /// <summary>Writes the canonical bytes.</summary>
    void WriteTo(CanonicalWriter writer);

    /// <summary>Reads what <see cref="WriteTo"/> wrote. What it returns counts only if the reader is complete afterwards; null for a broken rule.</summary>
    static abstract TSelf? Read(ref CanonicalReader reader);
}
