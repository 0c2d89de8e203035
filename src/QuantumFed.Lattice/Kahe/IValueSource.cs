namespace QuantumFed.Lattice;

/// <summary>How an encryption gets its integers below 2^b from what it was given.</summary>
internal interface IValueSource<T>
    where T : unmanaged
{
    /// <summary>Writes the integers for <paramref name="given"/>.</summary>
    void Take(EncryptionWorker worker, ReadOnlySpan<T> given, Span<uint> values);

    /// <summary>The integers for at most a block's, in the worker's memory or where they are.</summary>
    ReadOnlySpan<uint> Take(EncryptionWorker worker, ReadOnlySpan<T> given);
}
