namespace QuantumFed.Lattice;

/// <summary>Numbers, rounded at random.</summary>
internal readonly struct NumberSource(FixedPointScale scale) : IValueSource<float>
{
    public void Take(EncryptionWorker worker, ReadOnlySpan<float> given, Span<uint> values) => worker.Quantise(scale, given, values);

    public ReadOnlySpan<uint> Take(EncryptionWorker worker, ReadOnlySpan<float> given)
    {
        Span<uint> values = worker.Values[..given.Length];
        worker.Quantise(scale, given, values);
        return values;
    }
}
