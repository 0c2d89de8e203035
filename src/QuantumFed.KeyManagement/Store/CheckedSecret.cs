using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace QuantumFed.KeyManagement;

/// <summary>
/// A secret as it is in the file: with 8 bytes of a digest of it and of its place, so that a damaged key, or one that damage moved elsewhere, is noticed
/// before it is delivered. That is no guard against whoever may write the file.
/// </summary>
internal static class CheckedSecret
{
    /// <summary>The bytes beyond the secret.</summary>
    public const int CheckSizeInBytes = 8;

    /// <summary>The secret of a unit at a position. The caller zeroes what comes back.</summary>
    public static byte[] OfUnit(long position, ReadOnlySpan<byte> secret) => Append(secret, PlaceOf(position));

    /// <summary>The secret of a key. The caller zeroes what comes back.</summary>
    public static byte[] OfKey(ReadOnlySpan<byte> id, string master, bool granted, ReadOnlySpan<byte> secret) => Append(secret, PlaceOf(id, master, granted));

    /// <summary>Reads a unit; zeroes what was stored.</summary>
    /// <exception cref="KeyStoreException">It is damaged.</exception>
    public static byte[] ReadUnit(long position, byte[] stored) => Read(stored, PlaceOf(position));

    /// <summary>Reads a key; zeroes what was stored.</summary>
    /// <exception cref="KeyStoreException">It is damaged.</exception>
    public static byte[] ReadKey(ReadOnlySpan<byte> id, string master, bool granted, byte[] stored) => Read(stored, PlaceOf(id, master, granted));

    private static byte[] PlaceOf(long position)
    {
        byte[] place = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(place, position);
        return place;
    }

    private static byte[] PlaceOf(ReadOnlySpan<byte> id, string master, bool granted) => [.. id, granted ? (byte)1 : (byte)0, .. Encoding.UTF8.GetBytes(master)];

    private static byte[] Append(ReadOnlySpan<byte> secret, byte[] place)
    {
        byte[] stored = GC.AllocateUninitializedArray<byte>(secret.Length + CheckSizeInBytes, pinned: true);
        secret.CopyTo(stored);
        WriteCheck(secret, place, stored.AsSpan(secret.Length));
        return stored;
    }

    private static byte[] Read(byte[] stored, byte[] place)
    {
        byte[] secret = GC.AllocateUninitializedArray<byte>(stored.Length - CheckSizeInBytes, pinned: true);
        Span<byte> check = stackalloc byte[CheckSizeInBytes];
        stored.AsSpan(0, secret.Length).CopyTo(secret);
        WriteCheck(secret, place, check);
        bool same = CryptographicOperations.FixedTimeEquals(check, stored.AsSpan(secret.Length));
        CryptographicOperations.ZeroMemory(stored);
        if (same)
            return secret;
        CryptographicOperations.ZeroMemory(secret);
        throw new KeyStoreException("A key in the store is damaged. " + KeyStoreFile.AfterDamage);
    }

    private static void WriteCheck(ReadOnlySpan<byte> secret, byte[] place, Span<byte> check)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(place);
        hash.AppendData(secret);
        hash.GetHashAndReset(digest);
        digest[..CheckSizeInBytes].CopyTo(check);
    }
}
