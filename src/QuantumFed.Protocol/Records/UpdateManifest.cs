namespace QuantumFed.Protocol;

/// <summary>
/// What a member commits to on the ledger before anything of its update leaves it. The salt keeps the ledger's hash from telling
/// anything about the update, the member's name keeps another from committing to the same bytes.
/// </summary>
/// <param name="Plan">Digest of the plan's body: fixes chain, contract, federation, round and parameters.</param>
/// <param name="Seed">The seed that the round's public elements were expanded from.</param>
/// <param name="Member">Whose update it is.</param>
/// <param name="Salt">256 random bits.</param>
/// <param name="Ciphertext">Digest of the KAHE ciphertext's bytes.</param>
/// <param name="SealedShares">Digests of the sealed shares, in the order of the plan's committee.</param>
public sealed record UpdateManifest(
    Digest Plan, Digest Seed, MemberId Member, Digest Salt, Digest Ciphertext, IReadOnlyList<Digest> SealedShares) : IRecord<UpdateManifest>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.UpdateManifest;

    /// <summary>The commitment: SHA-256 over a domain tag and the canonical bytes.</summary>
    public Digest Commitment
    {
        get
        {
            var writer = new CanonicalWriter().Text("QuantumFed update commitment v1");
            WriteTo(writer);
            return Digest.Of(writer.ToArray());
        }
    }

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) => writer
        .Digest(Plan).Digest(Seed).Member(Member).Digest(Salt).Digest(Ciphertext).List(SealedShares, (w, digest) => w.Digest(digest));

    /// <inheritdoc/>
    public static UpdateManifest? Read(ref CanonicalReader reader)
    {
        (Digest plan, Digest seed, MemberId member) = (reader.Digest(), reader.Digest(), reader.Member());
        (Digest salt, Digest ciphertext) = (reader.Digest(), reader.Digest());
        var shares = new Digest[reader.Count(Digest.SizeInBytes)];
        for (int i = 0; i < shares.Length; i++)
            shares[i] = reader.Digest();
        return new UpdateManifest(plan, seed, member, salt, ciphertext, shares);
    }
}
