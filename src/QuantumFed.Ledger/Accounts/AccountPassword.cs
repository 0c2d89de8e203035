using System.Security.Cryptography;

namespace QuantumFed.Ledger;

/// <summary>The password of a keystore: 1 to 1024 bytes, which for geth and others are UTF-8. Erased on disposal.</summary>
public sealed class AccountPassword : IDisposable
{
    /// <summary>The longest password in bytes.</summary>
    public const int MaxSizeInBytes = 1024;

    private const int RandomSizeInBytes = 32;

    private readonly byte[] _bytes;
    private bool _disposed;

    private AccountPassword(ReadOnlySpan<byte> bytes)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(_bytes);
    }

    internal ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bytes;
        }
    }

    /// <summary>256 random bits, as 64 hexadecimal digits.</summary>
    public static AccountPassword Generate()
    {
        Span<byte> random = stackalloc byte[RandomSizeInBytes];
        Span<byte> digits = stackalloc byte[2 * RandomSizeInBytes];
        try
        {
            RandomNumberGenerator.Fill(random);
            _ = Convert.TryToHexStringLower(random, digits, out _);
            return new AccountPassword(digits);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(random);
            CryptographicOperations.ZeroMemory(digits);
        }
    }

    /// <summary>The password of these bytes.</summary>
    /// <exception cref="ArgumentException">They are none, more than <see cref="MaxSizeInBytes"/>, or hold a line break or a zero.</exception>
    public static AccountPassword Import(ReadOnlySpan<byte> bytes) =>
        Fault(bytes) is { } fault ? throw new ArgumentException($"The password {fault}.", nameof(bytes)) : new AccountPassword(bytes);

    /// <summary>The password in a file, as one line; a line break at its end is none of it.</summary>
    /// <exception cref="InvalidDataException">The file holds no password, or others than its owner may read or write it.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static AccountPassword ReadFile(string path) => Read(path, OwnerOnlyFile.OwnersMode);

    /// <summary>
    /// The password that systemd put into a credential directory. systemd may give the service access by an access control list, which
    /// shows as the group's right to read; the directory itself lets nobody else in.
    /// </summary>
    /// <exception cref="InvalidDataException">The file holds no password, or everybody may read it.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static AccountPassword ReadCredential(string path) => Read(path, OwnerOnlyFile.OwnersMode | UnixFileMode.GroupRead);

    /// <summary>Stores the password as a line in a new file that only its owner may read.</summary>
    /// <exception cref="IOException">The file exists, or could not be written.</exception>
    public void WriteFile(string path)
    {
        byte[] line = GC.AllocateUninitializedArray<byte>(_bytes.Length + 1, pinned: true);
        try
        {
            Bytes.CopyTo(line);
            line[^1] = (byte)'\n';
            OwnerOnlyFile.Create(path, line);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(line);
        }
    }

    /// <summary>Erases the password.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }

    private static AccountPassword Read(string path, UnixFileMode allowed)
    {
        byte[] buffer = GC.AllocateArray<byte>(MaxSizeInBytes + 3, pinned: true);
        try
        {
            ReadOnlySpan<byte> line = buffer.AsSpan(0, OwnerOnlyFile.Read(path, buffer, allowed));
            if (line.EndsWith("\n"u8))
                line = line[..^1];
            if (line.EndsWith("\r"u8))
                line = line[..^1];
            return Fault(line) is { } fault
                ? throw new InvalidDataException($"The password in {path} {fault}.")
                : new AccountPassword(line);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    private static string? Fault(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return "is empty";
        if (bytes.Length > MaxSizeInBytes)
            return $"has more than {MaxSizeInBytes} bytes";
        // Other programs read the first line only, and some stop at a zero: they would use another password.
        return bytes.IndexOfAny((byte)'\n', (byte)'\r', (byte)0) >= 0 ? "is not one line of text" : null;
    }
}
