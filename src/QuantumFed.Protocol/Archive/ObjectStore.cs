using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Protocol;

/// <summary>
/// A folder of objects named by the SHA-256 of their bytes: <c>ab/cdef...</c>. An object is on disk (fsync) before <see cref="Put"/>
/// returns and appears under its name whole or not at all, so that a crash or a full disk leaves no damaged object behind.
/// Safe for several readers and writers, also of several processes: who writes the same object writes the same bytes.
/// </summary>
public sealed class ObjectStore : IObjectSource
{
    private readonly string _folder;

    /// <summary>Uses the folder, which is made at the first <see cref="Put"/>.</summary>
    public ObjectStore(string folder) => _folder = folder;

    /// <summary>Where an object lies.</summary>
    public string PathOf(Digest digest)
    {
        string name = digest.ToString();
        return Path.Combine(_folder, name[..2], name[2..]);
    }

    /// <summary>Keeps an object and returns its digest.</summary>
    /// <exception cref="IOException">The disk is full or refuses.</exception>
    public Digest Put(ReadOnlySpan<byte> data)
    {
        Digest digest = Digest.Of(data);
        if (!TryRead(digest, out _))
            DurableFile.Write(PathOf(digest), data);
        return digest;
    }

    /// <inheritdoc/>
    public bool TryRead(Digest digest, [NotNullWhen(true)] out byte[]? data)
    {
        string path = PathOf(digest);
        data = File.Exists(path) ? File.ReadAllBytes(path) : null;
        if (data is not null && Digest.Of(data) == digest)
            return true;
        data = null;
        return false;
    }

    /// <summary>The digest a stored file's path stands for; <see langword="false"/> if the path is none of the store's.</summary>
    public static bool TryDigestOf(string path, out Digest digest) =>
        Digest.TryParse(Path.GetFileName(Path.GetDirectoryName(path)) + Path.GetFileName(path), out digest);

    /// <summary>The files of the store, in the order of their names.</summary>
    public IEnumerable<string> Files() => Directory.Exists(_folder)
        ? Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        : [];
}
