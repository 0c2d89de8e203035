using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace QuantumFed.Lattice;

/// <summary>Points of the curve P-256 (SP 800-186, section 3.2.1.3) as 65 uncompressed bytes, 4, X, Y, big-endian.</summary>
internal static class NistP256
{
    internal const int PointSizeInBytes = 1 + 2 * CoordinateSizeInBytes;
    internal const int CoordinateSizeInBytes = 32;

    private const byte Uncompressed = 4;

    private static readonly BigInteger s_p = Hexadecimal("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static readonly BigInteger s_b = Hexadecimal("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    /// <summary>Whether the bytes are a point other than infinity: full public key validation, the cofactor being 1.</summary>
    internal static bool IsValidPoint(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != PointSizeInBytes || bytes[0] != Uncompressed)
            return false;
        var x = new BigInteger(bytes.Slice(1, CoordinateSizeInBytes), isUnsigned: true, isBigEndian: true);
        var y = new BigInteger(bytes[(1 + CoordinateSizeInBytes)..], isUnsigned: true, isBigEndian: true);
        return x < s_p && y < s_p && ((y * y) - ((x * x * x) - (3 * x) + s_b)) % s_p == 0;
    }

    /// <summary>Opens a valid point as a public key.</summary>
    internal static ECDiffieHellman Import(ReadOnlySpan<byte> point) => ECDiffieHellman.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = point.Slice(1, CoordinateSizeInBytes).ToArray(), Y = point[(1 + CoordinateSizeInBytes)..].ToArray() },
    });

    /// <summary>Opens a private scalar, 32 bytes big-endian.</summary>
    /// <exception cref="CryptographicException">It is not between 1 and the group's order less 1.</exception>
    internal static ECDiffieHellman ImportPrivate(byte[] scalar) =>
        ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });

    /// <summary>Writes a key's public point.</summary>
    internal static void WritePoint(ECDiffieHellman key, Span<byte> destination)
    {
        ECPoint q = key.ExportParameters(includePrivateParameters: false).Q;
        destination[0] = Uncompressed;
        q.X.CopyTo(destination[1..]);
        q.Y.CopyTo(destination[(1 + CoordinateSizeInBytes)..]);
    }

    private static BigInteger Hexadecimal(string digits) => BigInteger.Parse("0" + digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
