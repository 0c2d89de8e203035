using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>Everything a regulator needs to replay a round, in the order it came about: objects by label, and their index.</summary>
public sealed class RoundTranscript
{
    private readonly List<(TranscriptEntry Entry, byte[] Data)> _objects = [];

    /// <summary>The objects with their labels.</summary>
    public IEnumerable<(TranscriptEntry Entry, byte[] Data)> Objects => _objects;

    /// <summary>The index; its root is what the ledger records.</summary>
    public TranscriptIndex Index => new([.. _objects.Select(item => item.Entry)]);

    /// <summary>Adds an object.</summary>
    public void Add(string label, byte[] data) => _objects.Add((new TranscriptEntry(label, Digest.Of(data)), data));
}
