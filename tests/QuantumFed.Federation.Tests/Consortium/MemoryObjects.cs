using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>An archive in memory, which like the one on disk reads nothing that has another digest than its name.</summary>
internal sealed class MemoryObjects : IObjectSource
{
    private readonly Dictionary<Digest, byte[]> _objects = [];

    public Digest Put(byte[] data)
    {
        Digest digest = Digest.Of(data);
        _objects[digest] = data;
        return digest;
    }

    public bool TryRead(Digest digest, [NotNullWhen(true)] out byte[]? data)
    {
        if (_objects.TryGetValue(digest, out data) && Digest.Of(data) == digest)
            return true;
        data = null;
        return false;
    }

    /// <summary>The objects with one of them flipped in one bit, or gone where <paramref name="position"/> is null.</summary>
    public MemoryObjects Damaged(Digest digest, int? position)
    {
        var damaged = new MemoryObjects();
        foreach ((Digest name, byte[] data) in _objects)
            damaged._objects[name] = data;
        damaged._objects.Remove(digest, out byte[]? original);
        if (position is { } place)
        {
            byte[] altered = (byte[])original!.Clone();
            altered[place] ^= 1;
            damaged._objects[digest] = altered;
        }
        return damaged;
    }
}
