using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Protocol;

/// <summary>
/// The contents of a round's transcript by digest, in a fixed order. Its Merkle root over (label, digest) stands on the ledger, so that
/// one object can be proved without showing the others.
/// </summary>
/// <param name="Entries">Labels such as "plan" or "ciphertext/north" with the digest of the object's bytes.</param>
public sealed record TranscriptIndex(IReadOnlyList<TranscriptEntry> Entries)
{
    /// <summary>The Merkle root (RFC 6962) over the entries.</summary>
    public Digest Root => MerkleTree.RootOf([.. Entries.Select(entry => new CanonicalWriter().Text(entry.Label).Digest(entry.Digest).ToArray())]);

    /// <summary>The canonical bytes.</summary>
    public byte[] ToArray() => new CanonicalWriter().List(Entries, (w, entry) => w.Text(entry.Label).Digest(entry.Digest)).ToArray();

    /// <summary>Reads the canonical bytes; <see langword="false"/> if they are none or a label comes twice.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, [NotNullWhen(true)] out TranscriptIndex? index)
    {
        var reader = new CanonicalReader(data);
        var entries = new TranscriptEntry[reader.Count(4 + Digest.SizeInBytes)];
        var labels = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = new TranscriptEntry(reader.Text(), reader.Digest());
            reader.Require(labels.Add(entries[i].Label));
        }
        index = reader.Complete ? new TranscriptIndex(entries) : null;
        return index is not null;
    }
}
