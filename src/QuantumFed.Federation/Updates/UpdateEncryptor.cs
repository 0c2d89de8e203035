using System.Security.Cryptography;
using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>A member's step from quantised values to something it can commit to: encrypt under a fresh secret, share the secret, erase it.</summary>
public static class UpdateEncryptor
{
    /// <summary>
    /// Encrypts <paramref name="values"/> under a fresh round secret, deals the secret to the committee, seals each share to its round key and
    /// signs the manifest. Every call uses a new secret: a retry sends the stored bytes instead of calling again.
    /// </summary>
    /// <exception cref="ArgumentException">The values are not the plan's number, or one exceeds its bits.</exception>
    public static PreparedUpdate Encrypt(RoundContext context, Digest seed, MemberId member, SigningKey key, ReadOnlySpan<uint> values)
    {
        if (values.Length != context.Plan.ValueCount)
            throw new ArgumentException($"The plan asks for {context.Plan.ValueCount} values, not {values.Length}.", nameof(values));
        PublicElements elements = PublicElements.Expand(context.Parameters, seed.ToArray(), context.Blocks);
        using KaheSecretKey secret = KaheSecretKey.Generate(context.Parameters);
        using DealtShares shares = SecretSharing.Deal(secret, context.Sharing);
        byte[] ciphertext = Kahe.Encrypt(context.Parameters, secret, elements, values).ToBytes();
        byte[][] sealedShares = [.. context.Plan.Committee.Select(seat => ShareSeal.Seal(
            shares[seat.Receiver], context.RoundKeys[seat.Receiver], context.ShareContext(member, seat.Receiver)))];
        var manifest = new UpdateManifest(
            context.PlanDigest, seed, member, new Digest(RandomNumberGenerator.GetBytes(Digest.SizeInBytes)),
            Digest.Of(ciphertext), [.. sealedShares.Select(share => Digest.Of(share))]);
        return new PreparedUpdate(SignedMessage.Sign(manifest, member, key), ciphertext, sealedShares);
    }
}
