using System.Globalization;
using System.Security.Cryptography;

namespace QuantumFed.Transport;

/// <summary>Whether the OpenSSL this process loaded has the post-quantum algorithms: 3.5 and later do.</summary>
public static class OpenSslVersion
{
    /// <summary>Whether ML-KEM (FIPS 203) and ML-DSA (FIPS 204) are to be had.</summary>
    public static bool HasPostQuantum => MLKem.IsSupported && MLDsa.IsSupported;

    /// <summary>The loaded version, such as <c>3.5.7</c>, or "unknown" where the platform's cryptography is not OpenSSL.</summary>
    public static string Loaded
    {
        get
        {
            if (!OperatingSystem.IsLinux() && !OperatingSystem.IsFreeBSD())
                return "unknown";
            // 0xMNN00PP0 since OpenSSL 3.0 (OpenSSL_version_num(3)).
            long version = SafeEvpPKeyHandle.OpenSslVersion;
            return string.Create(CultureInfo.InvariantCulture, $"{version >> 28}.{(version >> 20) & 0xff}.{(version >> 4) & 0xff}");
        }
    }

    /// <summary>Refuses to go on without the post-quantum algorithms.</summary>
    /// <exception cref="TransportProfileException">They are missing; the message says how to get OpenSSL 3.5.</exception>
    public static void RequirePostQuantum()
    {
        if (HasPostQuantum)
            return;
        throw new TransportProfileException(
            $"ML-KEM and ML-DSA need OpenSSL 3.5 or newer; this process loaded {Loaded}. Debian 13, Ubuntu 26.04, RHEL 10 and Alpine 3.22 "
            + "have it. Elsewhere the launcher ./qf builds it once from Debian's source package into the checkout; or set QF_OPENSSL to a folder "
            + "that holds lib/libssl.so.3 of such a version, or LD_LIBRARY_PATH to that lib folder itself.");
    }
}
