using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Protocol;

/// <summary>
/// A folder of objects named by the SHA-256 of their bytes: <c>ab/cdef...</c>. An object is on disk (fsync) before <see cref="Put"/>
/// returns, unless the store says otherwise, and appears under its name whole or not at all, so that a crash or a full disk leaves no damaged object behind.
/// Safe for several readers and writers, also of several processes: who writes the same object writes the same bytes.
/// </summary>
public sealed class ObjectStore : IObjectSource
{
    private readonly string _folder;
    private readonly bool _flushed;

    /// <summary>Uses the folder, which is made at the first <see cref="Put"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="flushed">Whether objects are on disk before <see cref="Put"/> returns. A store of what can be fetched again needs not wait for the
    /// disk: what a crash leaves damaged is not read, and replaced.</param>
    public ObjectStore(string folder, bool flushed = true) => (_folder, _flushed) = (folder, flushed);

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
            Write(PathOf(digest), data);
        return digest;
    }

    private void Write(string path, ReadOnlySpan<byte> data)
    {
        if (_flushed)
            DurableFile.Write(path, data);
        else
            DurableFile.WriteUnflushed(path, data);
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
