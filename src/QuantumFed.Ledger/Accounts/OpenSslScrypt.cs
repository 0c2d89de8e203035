using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace QuantumFed.Ledger;

/// <summary>scrypt (RFC 7914) of OpenSSL's libcrypto, the one that .NET itself runs with: .NET offers PBKDF2 only.</summary>
internal static class OpenSslScrypt
{
    // What is allowed is decided by ScryptDerivation; OpenSSL's own limit of 32 MiB would refuse every keystore.
    private const ulong MaxMemoryInBytes = 1UL << 31;

    /// <summary>Whether OpenSSL takes the parameters: like RFC 7914, section 2, it wants N below 2^(128 r / 8).</summary>
    public static bool Takes(int n, int r) => r > 1 || n < 1 << 16;

    /// <summary>Fills <paramref name="key"/>.</summary>
    /// <exception cref="CryptographicException">There is not enough memory, or OpenSSL refuses the parameters.</exception>
    public static void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int n, int r, int p, Span<byte> key)
    {
        if (EvpPbeScrypt(
                in MemoryMarshal.GetReference(password), (nuint)password.Length, in MemoryMarshal.GetReference(salt), (nuint)salt.Length,
                (ulong)n, (ulong)r, (ulong)p, MaxMemoryInBytes, ref MemoryMarshal.GetReference(key), (nuint)key.Length) != 1)
            throw new CryptographicException($"OpenSSL could not compute scrypt with n = {n}, r = {r}, p = {p}, which needs {128L * r * n >> 20} MiB of memory.");
    }

    [DllImport("libcrypto.so.3", EntryPoint = "EVP_PBE_scrypt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EvpPbeScrypt(
        in byte password, nuint passwordLength, in byte salt, nuint saltLength, ulong n, ulong r, ulong p, ulong maxMemory, ref byte key, nuint keyLength);
}
