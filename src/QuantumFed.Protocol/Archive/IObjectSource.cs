using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Protocol;

/// <summary>Where the bytes behind a digest come from. What it returns has that digest.</summary>
public interface IObjectSource
{
    /// <summary>Reads an object; <see langword="false"/> if it is missing or its bytes have another digest.</summary>
    bool TryRead(Digest digest, [NotNullWhen(true)] out byte[]? data);
}
