using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// An account's key under a password: a file of the Web3 Secret Storage Definition, version 3, which geth, Besu's tools, ethers and
/// others read and write. AES-128-CTR encrypts with the first half of the derived key; the MAC is Keccak-256 of its second half and
/// the ciphertext.
/// </summary>
public sealed class Keystore
{
    /// <summary>The longest file read, in bytes.</summary>
    public const int MaxSizeInBytes = 64 * 1024;

    internal const string Cipher = "aes-128-ctr";
    internal const int KeySizeInBytes = LedgerAccount.KeySizeInBytes;
    internal const int BlockSizeInBytes = 16;

    private readonly byte[] _vector;
    private readonly byte[] _ciphertext;
    private readonly byte[] _mac;

    internal Keystore(Guid id, EthereumAddress? address, KeyDerivation derivation, byte[] vector, byte[] ciphertext, byte[] mac)
    {
        (Id, Address, Derivation) = (id, address, derivation);
        (_vector, _ciphertext, _mac) = (vector, ciphertext, mac);
    }

    /// <summary>The file's id, which says nothing about the account.</summary>
    public Guid Id { get; }

    /// <summary>The account's address as the file has it; null where it has none. Only opening the keystore confirms it.</summary>
    public EthereumAddress? Address { get; }

    /// <summary>How its key comes from the password.</summary>
    public KeyDerivation Derivation { get; }

    /// <summary>Reads a keystore; <see langword="false"/> with the reason if it is none, is damaged, or costs more than is allowed.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out Keystore? keystore, [NotNullWhen(false)] out string? failure) =>
        KeystoreReader.TryRead(json, out keystore, out failure);

    /// <summary>Reads a keystore from a file.</summary>
    /// <exception cref="InvalidDataException">It is no keystore, or others than its owner may read or write it.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Keystore ReadFile(string path)
    {
        // An earlier version's file holds the key itself, so the buffer is erased.
        byte[] buffer = GC.AllocateUninitializedArray<byte>(MaxSizeInBytes + 1, pinned: true);
        int length = 0;
        try
        {
            length = OwnerOnlyFile.Read(path, buffer);
            if (length == KeySizeInBytes)
                throw new InvalidDataException(
                    $"{path} is no keystore but, it seems, a raw key: `qf ledger account import` makes a keystore of it.");
            return TryParse(buffer.AsMemory(0, length), out Keystore? keystore, out string? failure)
                ? keystore
                : throw new InvalidDataException($"{path} is no keystore that can be used: {failure}.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer.AsSpan(0, length));
        }
    }

    /// <summary>The file's bytes: JSON.</summary>
    public byte[] ToArray()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            if (Address is { } address)
                json.WriteString("address", Convert.ToHexStringLower(address.ToArray()));
            json.WriteStartObject("crypto");
            json.WriteString("cipher", Cipher);
            json.WriteStartObject("cipherparams");
            json.WriteString("iv", Convert.ToHexStringLower(_vector));
            json.WriteEndObject();
            json.WriteString("ciphertext", Convert.ToHexStringLower(_ciphertext));
            json.WriteString("kdf", Derivation.Name);
            json.WriteStartObject("kdfparams");
            json.WriteNumber("dklen", KeyDerivation.KeySizeInBytes);
            Derivation.WriteCost(json);
            json.WriteString("salt", Convert.ToHexStringLower(Derivation.Salt.Span));
            json.WriteEndObject();
            json.WriteString("mac", Convert.ToHexStringLower(_mac));
            json.WriteEndObject();
            json.WriteString("id", Id);
            json.WriteNumber("version", 3);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>Encrypts a key of 32 bytes.</summary>
    internal static Keystore Seal(ReadOnlySpan<byte> key, EthereumAddress address, AccountPassword password, KeyDerivation derivation)
    {
        byte[] derived = GC.AllocateArray<byte>(KeyDerivation.KeySizeInBytes, pinned: true);
        try
        {
            derivation.Derive(password.Bytes, derived);
            byte[] vector = RandomNumberGenerator.GetBytes(BlockSizeInBytes);
            byte[] ciphertext = new byte[KeySizeInBytes];
            Encrypt(derived, vector, key, ciphertext);
            return new Keystore(Guid.NewGuid(), address, derivation, vector, ciphertext, Mac(derived, ciphertext));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    /// <summary>Decrypts the key into 32 bytes; <see langword="false"/> if the password is wrong or the file was damaged, which look alike.</summary>
    /// <exception cref="CryptographicException">There is not enough memory.</exception>
    internal bool TryOpen(AccountPassword password, Span<byte> key)
    {
        byte[] derived = GC.AllocateArray<byte>(KeyDerivation.KeySizeInBytes, pinned: true);
        try
        {
            Derivation.Derive(password.Bytes, derived);
            if (!CryptographicOperations.FixedTimeEquals(Mac(derived, _ciphertext), _mac))
                return false;
            Encrypt(derived, _vector, _ciphertext, key);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    private static byte[] Mac(ReadOnlySpan<byte> derived, ReadOnlySpan<byte> ciphertext)
    {
        Span<byte> body = stackalloc byte[BlockSizeInBytes + KeySizeInBytes];
        derived[BlockSizeInBytes..].CopyTo(body);
        ciphertext.CopyTo(body[BlockSizeInBytes..]);
        byte[] mac = Keccak256.HashData(body);
        CryptographicOperations.ZeroMemory(body);
        return mac;
    }

    // AES-128-CTR, which .NET lacks: the keystream is the two blocks that encrypt the counter, big-endian (NIST SP 800-38A, 6.5).
    private static void Encrypt(ReadOnlySpan<byte> derived, ReadOnlySpan<byte> vector, ReadOnlySpan<byte> input, Span<byte> output)
    {
        Span<byte> stream = stackalloc byte[2 * BlockSizeInBytes];
        vector.CopyTo(stream);
        vector.CopyTo(stream[BlockSizeInBytes..]);
        for (int i = stream.Length - 1; i >= BlockSizeInBytes && ++stream[i] == 0; i--)
        {
        }
        using var aes = Aes.Create();
        aes.SetKey(derived[..BlockSizeInBytes]);
        _ = aes.EncryptEcb(stream, stream, PaddingMode.None);
        for (int i = 0; i < stream.Length; i++)
            output[i] = (byte)(input[i] ^ stream[i]);
        CryptographicOperations.ZeroMemory(stream);
    }
}
