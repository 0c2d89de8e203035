using QuantumFed.Qkd;

namespace QuantumFed.KeyManagement;

/// <summary>A link end's journal in the store of its keys: the state and the key that it brought are one transaction.</summary>
internal sealed class StoreJournal(KeyStore store) : ILinkJournal
{
    /// <inheritdoc/>
    public ValueTask SaveAsync(ReadOnlyMemory<byte> state, Qkd.DeliveredKey? delivered)
    {
        store.Save(state.Span, delivered?.Block ?? 0, delivered is { } key ? key.Key.Span : []);
        return ValueTask.CompletedTask;
    }
}
