using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>A source that notes each read.</summary>
internal sealed class CountedReads(IObjectSource source, List<Digest> reads) : IObjectSource
{
    public bool TryRead(Digest digest, [NotNullWhen(true)] out byte[]? data)
    {
        reads.Add(digest);
        return source.TryRead(digest, out data);
    }
}
