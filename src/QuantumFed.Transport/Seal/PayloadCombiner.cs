using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>
/// Mixes an ML-KEM-768 secret and, where there is one, a quantum key into a payload key (HKDF-SHA384, RFC 5869):
/// <code>
/// ctx = SHA-384( enc("QuantumFed payload context v1") enc(suite) enc(mode) enc(federation id) enc(u64 round) enc(update id)
///       enc(H sender cert) enc(H recipient cert) enc(ek) enc(ct) enc(master SAE) enc(slave SAE) enc(key ids raw) enc(H policy) )
/// PRK = HKDF-Extract(salt = "QuantumFed hybrid combiner v1", enc(ss_mlkem) || enc(k_qkd))
/// key, iv, commit = HKDF-Expand(PRK, "QF key" | "QF iv" | "QF commit" || ctx, 32 | 12 | 32)
/// </code>
/// enc(x) is the length of x in 4 big-endian bytes, then x. Both secrets are inputs of one extraction, and the ciphertext and the encapsulation
/// key are in ctx, so the result is a secret as long as either input is, and binds both.
/// </summary>
internal static class PayloadCombiner
{
    /// <summary>The suite's name in every context; another suite would have another.</summary>
    public static ReadOnlySpan<byte> Suite => "MLKEM768+QKD/HKDF-SHA384/AES-256-GCM"u8;

    private static ReadOnlySpan<byte> ContextLabel => "QuantumFed payload context v1"u8;

    private static ReadOnlySpan<byte> Salt => "QuantumFed hybrid combiner v1"u8;

    /// <summary>ctx.</summary>
    public static Sha384Digest ContextHash(
        PayloadMode mode, PayloadContext context, ReadOnlySpan<byte> encapsulationKey, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> keyIds)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA384);
        Append(hash, ContextLabel);
        Append(hash, Suite);
        Append(hash, [(byte)mode]);
        Append(hash, context.Federation);
        Span<byte> round = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(round, context.Round.Value);
        Append(hash, round);
        Append(hash, context.UpdateId);
        Append(hash, context.SenderIdentity.ToArray());
        Append(hash, context.RecipientIdentity.ToArray());
        Append(hash, encapsulationKey);
        Append(hash, ciphertext);
        Append(hash, context.MasterSae);
        Append(hash, context.SlaveSae);
        Append(hash, keyIds);
        Append(hash, context.Policy.ToArray());
        Span<byte> digest = stackalloc byte[Sha384Digest.SizeInBytes];
        hash.GetHashAndReset(digest);
        return new Sha384Digest(digest);
    }

    /// <summary>PRK, into <paramref name="pseudorandomKey"/> of 48 bytes.</summary>
    public static void Extract(ReadOnlySpan<byte> sharedSecret, ReadOnlySpan<byte> quantumKey, Span<byte> pseudorandomKey)
    {
        Span<byte> material = GC.AllocateUninitializedArray<byte>(8 + sharedSecret.Length + quantumKey.Length, pinned: true);
        try
        {
            BinaryPrimitives.WriteInt32BigEndian(material, sharedSecret.Length);
            sharedSecret.CopyTo(material[4..]);
            BinaryPrimitives.WriteInt32BigEndian(material[(4 + sharedSecret.Length)..], quantumKey.Length);
            quantumKey.CopyTo(material[(8 + sharedSecret.Length)..]);
            HKDF.Extract(HashAlgorithmName.SHA384, material, Salt, pseudorandomKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(material);
        }
    }

    /// <summary>key, iv and commit.</summary>
    public static PayloadKeys Derive(ReadOnlySpan<byte> sharedSecret, ReadOnlySpan<byte> quantumKey, Sha384Digest contextHash)
    {
        Span<byte> pseudorandomKey = stackalloc byte[SHA384.HashSizeInBytes];
        PayloadKeys keys = new();
        try
        {
            Extract(sharedSecret, quantumKey, pseudorandomKey);
            Expand(pseudorandomKey, "QF key", contextHash, keys.Key);
            Expand(pseudorandomKey, "QF iv", contextHash, keys.Iv);
            Expand(pseudorandomKey, "QF commit", contextHash, keys.Commitment);
            return keys;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pseudorandomKey);
        }
    }

    private static void Expand(ReadOnlySpan<byte> pseudorandomKey, string label, Sha384Digest contextHash, Span<byte> destination)
    {
        byte[] info = [.. Encoding.ASCII.GetBytes(label), .. contextHash.ToArray()];
        HKDF.Expand(HashAlgorithmName.SHA384, pseudorandomKey, destination, info);
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> field)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
        hash.AppendData(length);
        hash.AppendData(field);
    }
}
