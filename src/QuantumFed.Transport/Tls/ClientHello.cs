using System.Buffers.Binary;
using System.Security.Cryptography;

namespace QuantumFed.Transport;

/// <summary>A TLS 1.3 ClientHello (RFC 8446, section 4.1.2) that offers groups but no key share: enough to learn which groups a server takes.</summary>
internal static class ClientHello
{
    /// <summary>X25519MLKEM768 (draft-ietf-tls-ecdhe-mlkem).</summary>
    public const ushort X25519MLKem768 = 0x11ec;

    private const ushort SupportedGroups = 10, SignatureAlgorithms = 13, SupportedVersions = 43, KeyShare = 51;

    /// <summary>
    /// Every group OpenSSL 3.5 offers in TLS 1.3 except X25519MLKEM768: secp256r1, secp384r1, secp521r1, x25519, x448, brainpool (three),
    /// ffdhe2048 to 8192, ML-KEM-512, 768 and 1024 alone, SecP256r1MLKEM768, SecP384r1MLKEM1024.
    /// </summary>
    public static readonly ushort[] ClassicalAndOtherGroups =
    [
        0x0017, 0x0018, 0x0019, 0x001d, 0x001e, 0x001f, 0x0020, 0x0021, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104, 0x0200, 0x0201, 0x0202, 0x11eb, 0x11ed,
    ];

    /// <summary>One TLS record with the hello.</summary>
    public static byte[] Write(ReadOnlySpan<ushort> groups)
    {
        List<byte> extensions = [];
        Extension(extensions, SupportedVersions, [2, 0x03, 0x04]);
        Extension(extensions, SignatureAlgorithms, [0, 2, 0x09, 0x05]); // mldsa65 (draft-ietf-tls-mldsa)
        List<byte> list = [];
        AddUInt16(list, 2 * groups.Length);
        foreach (ushort group in groups)
            AddUInt16(list, group);
        Extension(extensions, SupportedGroups, list);
        Extension(extensions, KeyShare, [0, 0]);

        List<byte> body = [0x03, 0x03, .. RandomNumberGenerator.GetBytes(32), 0];
        body.AddRange([0, 4, 0x13, 0x02, 0x13, 0x01]); // TLS_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256
        body.AddRange([1, 0]); // no compression
        AddUInt16(body, extensions.Count);
        body.AddRange(extensions);

        List<byte> record = [22, 0x03, 0x01];
        AddUInt16(record, body.Count + 4);
        record.AddRange([1, 0]);
        AddUInt16(record, body.Count);
        record.AddRange(body);
        return [.. record];
    }

    private static void Extension(List<byte> extensions, ushort type, List<byte> data)
    {
        AddUInt16(extensions, type);
        AddUInt16(extensions, data.Count);
        extensions.AddRange(data);
    }

    private static void AddUInt16(List<byte> bytes, int value)
    {
        Span<byte> two = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(two, checked((ushort)value));
        bytes.AddRange(two);
    }
}
