using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>The coefficients of the three random combinations that shares are checked by: public, the same for everyone, unknown to
/// dealers before their shares are committed.</summary>
public sealed class ShareChallenge : IEquatable<ShareChallenge>
{
    /// <summary>The domain of the random stream that the coefficients come from.</summary>
    public const string Domain = "QuantumFed.Sharing.ShareChallenge.v1";

    private const int DigestSizeInBytes = 32;

    private readonly uint[] _coefficients;

    private ShareChallenge(KaheParameterSet set, uint[] coefficients) => (Set, _coefficients) = (set, coefficients);

    /// <summary>The set whose shares it is for.</summary>
    public KaheParameterSet Set { get; }

    /// <summary>Expands a digest over everything committed: 3 n elements of F_p in order, little-endian 32-bit words of
    /// <see cref="RandomStream.FromSeed"/> cut to 31 bits, p left out.</summary>
    /// <exception cref="ArgumentException">The digest is not 32 bytes long.</exception>
    public static ShareChallenge FromDigest(KaheParameterSet set, ReadOnlySpan<byte> digest32)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (digest32.Length != DigestSizeInBytes)
            throw new ArgumentException($"The digest has {DigestSizeInBytes} bytes, not {digest32.Length}.", nameof(digest32));
        uint[] coefficients = new uint[SecretSharing.MaskingElements * set.RingDegree];
        using RandomStream random = RandomStream.FromSeed(digest32, Domain);
        FieldElements.Draw(random, coefficients);
        return new ShareChallenge(set, coefficients);
    }

    /// <summary>Whether both are the same coefficients for one set.</summary>
    public bool Equals(ShareChallenge? other) => other is not null && other.Set == Set && other._coefficients.AsSpan().SequenceEqual(_coefficients);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ShareChallenge);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)_coefficients[0];

    internal ReadOnlySpan<uint> Row(int k) => _coefficients.AsSpan(k * Set.RingDegree, Set.RingDegree);
}
