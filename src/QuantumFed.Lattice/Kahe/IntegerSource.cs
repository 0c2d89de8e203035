namespace QuantumFed.Lattice;

/// <summary>Integers, which were checked before.</summary>
internal readonly struct IntegerSource : IValueSource<uint>
{
    public void Take(EncryptionWorker worker, ReadOnlySpan<uint> given, Span<uint> values) => given.CopyTo(values);

    public ReadOnlySpan<uint> Take(EncryptionWorker worker, ReadOnlySpan<uint> given) => given;
}
