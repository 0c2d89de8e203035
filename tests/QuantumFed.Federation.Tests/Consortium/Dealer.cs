using System.Security.Cryptography;
using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>A member that does its part by hand, and so can do it wrong.</summary>
internal sealed class Dealer
{
    /// <summary>Changes a share before it is sealed.</summary>
    public Func<ushort, SecretShare, SecretShare> Share { get; init; } = (_, share) => share;

    /// <summary>Changes a sealed share before the dealer commits to it.</summary>
    public Func<ushort, byte[], byte[]> Sealed { get; init; } = (_, bytes) => bytes;

    /// <summary>Changes the manifest before it is committed to and signed.</summary>
    public Func<UpdateManifest, UpdateManifest> Manifest { get; init; } = manifest => manifest;

    /// <summary>Whether the secret that is shared is not the one that was encrypted under.</summary>
    public bool SharesAnotherSecret { get; init; }

    /// <summary>Sends this ciphertext in place of its own.</summary>
    public byte[]? Ciphertext { get; init; }

    public PreparedUpdate Deal(RoundContext context, Digest seed, MemberId member, SigningKey key, ReadOnlySpan<uint> values)
    {
        using KaheSecretKey secret = KaheSecretKey.Generate(context.Parameters), another = KaheSecretKey.Generate(context.Parameters);
        using DealtShares shares = SecretSharing.Deal(SharesAnotherSecret ? another : secret, context.Sharing);
        PublicElements elements = PublicElements.Expand(context.Parameters, seed.ToArray(), context.Blocks);
        byte[] ciphertext = Ciphertext ?? Kahe.Encrypt(context.Parameters, secret, elements, values).ToBytes();
        byte[][] sealedShares = [.. context.Plan.Committee.Select(seat => Sealed(seat.Receiver, ShareSeal.Seal(
            Share(seat.Receiver, shares[seat.Receiver]), context.RoundKeys[seat.Receiver], context.ShareContext(member, seat.Receiver))))];
        UpdateManifest manifest = Manifest(new UpdateManifest(
            context.PlanDigest, seed, member, new Digest(RandomNumberGenerator.GetBytes(Digest.SizeInBytes)), Digest.Of(ciphertext),
            [.. sealedShares.Select(share => Digest.Of(share))]));
        return new PreparedUpdate(SignedMessage.Sign(manifest, member, key), ciphertext, sealedShares);
    }

    /// <summary>A share that differs from the one given in its first element.</summary>
    public static SecretShare Altered(SecretShare share)
    {
        byte[] bytes = share.ToBytes();
        bytes[1] ^= 1;
        return Read(bytes);
    }

    /// <summary>The same share, said to be another receiver's.</summary>
    public static SecretShare Readdressed(SecretShare share, ushort receiver)
    {
        byte[] bytes = share.ToBytes();
        bytes[0] = (byte)receiver;
        return Read(bytes);
    }

    private static SecretShare Read(byte[] bytes) =>
        SecretShare.TryParse(KaheParameterSet.Kahe2048, bytes, out SecretShare? share) ? share : throw new InvalidOperationException("The altered share is none.");
}
