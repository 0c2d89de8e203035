using System.Security.Cryptography;

namespace QuantumFed.Transport;

/// <summary>The object identifiers of the consortium's certificates.</summary>
internal static class CertificateProfile
{
    /// <summary>id-ml-dsa-65 (RFC 9881, section 2): as the algorithm of the key and of the signature.</summary>
    public const string MLDsa65 = "2.16.840.1.101.3.4.3.18";

    /// <summary>id-kp-serverAuth (RFC 5280, section 4.2.1.12).</summary>
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>id-kp-clientAuth (RFC 5280, section 4.2.1.12).</summary>
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>id-at-commonName (X.520).</summary>
    public const string CommonName = "2.5.4.3";

    /// <summary>How far back a certificate's validity begins, so that a peer whose clock lags accepts a fresh one.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>A random positive serial number of 16 bytes (RFC 5280, section 4.1.2.2).</summary>
    public static byte[] NewSerialNumber()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }
}
