using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Protocol;

/// <summary>
/// Reads and hashes each object of another source once, and gives the same bytes from memory after that. For as long as one piece of work needs the
/// objects: it holds all that were read. What is missing is asked for again each time. Not thread-safe; the arrays are shared and must not be changed.
/// </summary>
public sealed class ObjectsReadOnce(IObjectSource source) : IObjectSource
{
    private readonly Dictionary<Digest, byte[]> _read = [];

    /// <inheritdoc/>
    public bool TryRead(Digest digest, [NotNullWhen(true)] out byte[]? data)
    {
        if (_read.TryGetValue(digest, out data))
            return true;
        if (!source.TryRead(digest, out data))
            return false;
        _read.Add(digest, data);
        return true;
    }
}
