using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// A party's account on the ledger: a secp256k1 key that signs its transactions. Signing uses libsecp256k1 where the system has it and
/// the platform's ECDsa elsewhere (whose nonces are random: what was signed must be stored, see <see cref="TransactionJournal"/>).
/// Thread-safe until disposed.
/// </summary>
public sealed class LedgerAccount : IDisposable
{
    /// <summary>The length of a stored key in bytes.</summary>
    public const int KeySizeInBytes = 32;

    // 0x, the digits, a line break, and one byte more, so that a longer file shows.
    private const int MaxKeyFileSizeInBytes = 2 + 2 * KeySizeInBytes + 2 + 1;

    private static readonly ECCurve Curve = ECCurve.CreateFromValue("1.3.132.0.10");

    private readonly byte[] _key;
    private readonly ECDsa _platform;
    private readonly Lock _lock = new();
    private bool _disposed;

    private LedgerAccount(byte[] key)
    {
        _key = key;
        _platform = ECDsa.Create(new ECParameters { Curve = Curve, D = key });
        ECPoint q = _platform.ExportParameters(includePrivateParameters: false).Q;
        Address = EthereumAddress.OfPublicKey([.. q.X!, .. q.Y!]);
    }

    /// <summary>The account's address.</summary>
    public EthereumAddress Address { get; }

    /// <summary>A new account with a random key.</summary>
    public static LedgerAccount Generate()
    {
        using ECDsa key = ECDsa.Create(Curve);
        byte[] exported = key.ExportParameters(includePrivateParameters: true).D!;
        LedgerAccount account = new(Pinned(exported));
        CryptographicOperations.ZeroMemory(exported);
        return account;
    }

    /// <summary>The account of a private key.</summary>
    /// <exception cref="ArgumentException"><paramref name="key"/> is not 32 bytes, big-endian, from 1 to n - 1.</exception>
    public static LedgerAccount Import(ReadOnlySpan<byte> key) =>
        IsKey(key) ? new LedgerAccount(Pinned(key)) : throw new ArgumentException("A private key is 32 bytes, from 1 to n - 1.", nameof(key));

    /// <summary>The account of a private key in a file that only its owner may read: 64 hexadecimal digits, with or without 0x, or the 32 bytes.</summary>
    /// <exception cref="InvalidDataException">The file holds no key, or others than its owner may read or write it.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static LedgerAccount ImportFile(string path)
    {
        byte[] content = GC.AllocateArray<byte>(MaxKeyFileSizeInBytes, pinned: true);
        byte[] key = GC.AllocateArray<byte>(KeySizeInBytes, pinned: true);
        try
        {
            ReadOnlySpan<byte> text = content.AsSpan(0, OwnerOnlyFile.Read(path, content));
            if (text.Length == KeySizeInBytes)
                text.CopyTo(key);
            else if (!TryParseHex(text, key))
                throw new InvalidDataException($"{path} does not hold a private key: {2 * KeySizeInBytes} hexadecimal digits.");
            return IsKey(key) ? new LedgerAccount(Pinned(key)) : throw new InvalidDataException($"{path} does not hold a private key from 1 to n - 1.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>A new account whose key is stored in a new keystore that only its owner may read, on disk before this returns.</summary>
    /// <exception cref="IOException">The file exists, or could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    /// <exception cref="CryptographicException">There is not enough memory for the derivation.</exception>
    public static LedgerAccount CreateKeystore(string path, AccountPassword password, KeyDerivation derivation)
    {
        LedgerAccount account = Generate();
        try
        {
            account.SaveKeystore(path, password, derivation);
            return account;
        }
        catch
        {
            account.Dispose();
            throw;
        }
    }

    /// <summary>The account whose key stands in a keystore.</summary>
    /// <exception cref="InvalidDataException">The file is no keystore, its password is another, it was damaged, or others than its owner may read or write it.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="CryptographicException">There is not enough memory for the derivation.</exception>
    public static LedgerAccount LoadKeystore(string path, AccountPassword password)
    {
        ArgumentNullException.ThrowIfNull(password);
        Keystore keystore = Keystore.ReadFile(path);
        byte[] key = GC.AllocateArray<byte>(KeySizeInBytes, pinned: true);
        try
        {
            if (!keystore.TryOpen(password, key))
                throw new InvalidDataException($"{path} does not open: the password is wrong, or the file was damaged.");
            if (!IsKey(key))
                throw new InvalidDataException($"{path} holds no private key from 1 to n - 1.");
            LedgerAccount account = new(Pinned(key));
            if (keystore.Address is not { } named || named == account.Address)
                return account;
            account.Dispose();
            throw new InvalidDataException($"{path} names the account {named}, but holds the key of {account.Address}.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Stores the key in a new keystore that only its owner may read, on disk before this returns.</summary>
    /// <exception cref="ObjectDisposedException">The account was disposed.</exception>
    /// <exception cref="IOException">The file exists, or could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    /// <exception cref="CryptographicException">There is not enough memory for the derivation.</exception>
    public void SaveKeystore(string path, AccountPassword password, KeyDerivation derivation)
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(derivation);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            OwnerOnlyFile.Create(path, Keystore.Seal(_key, Address, password, derivation).ToArray());
        }
    }

    /// <summary>Signs a transaction.</summary>
    /// <exception cref="ObjectDisposedException">The account was disposed.</exception>
    public SignedTransaction Sign(TransactionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SignedTransaction.Create(request, SignHash(Keccak256.HashData(request.EncodeForSigning())));
    }

    /// <summary>Signs a 32-byte hash; the signature is canonical.</summary>
    internal EcdsaSignature SignHash(ReadOnlySpan<byte> hash)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return NativeSecp256k1.Instance is { } native ? native.Sign(hash, _key) : SignWithPlatform(hash);
        }
    }

    /// <summary>Signs with the platform's ECDsa: makes s low, and finds the parity by recovering both candidates.</summary>
    internal EcdsaSignature SignWithPlatform(ReadOnlySpan<byte> hash)
    {
        byte[] raw = _platform.SignHash(hash.ToArray());
        BigInteger r = new(raw.AsSpan(0, 32), isUnsigned: true, isBigEndian: true);
        BigInteger s = new(raw.AsSpan(32, 32), isUnsigned: true, isBigEndian: true);
        if (s > Secp256k1.HalfOrder)
            s = Secp256k1.Order - s;
        EcdsaSignature even = new(r, s, IsOdd: false);
        return even.TryRecover(hash, out EthereumAddress signer) && signer == Address ? even : even with { IsOdd = true };
    }

    /// <summary>Erases the key.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            CryptographicOperations.ZeroMemory(_key);
            _platform.Dispose();
        }
    }

    /// <summary>The address only.</summary>
    public override string ToString() => $"LedgerAccount({Address})";

    private static byte[] Pinned(ReadOnlySpan<byte> key)
    {
        byte[] copy = GC.AllocateUninitializedArray<byte>(key.Length, pinned: true);
        key.CopyTo(copy);
        return copy;
    }

    private static bool TryParseHex(ReadOnlySpan<byte> text, Span<byte> key)
    {
        text = text.TrimEnd("\r\n"u8);
        if (text.StartsWith("0x"u8))
            text = text[2..];
        return text.Length == 2 * KeySizeInBytes && Convert.FromHexString(text, key, out _, out _) == OperationStatus.Done;
    }

    // 0 < key < n without a branch on the key: a borrow of key - n says that it is smaller.
    private static bool IsKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeySizeInBytes)
            return false;
        byte[] n = Secp256k1.Order.ToByteArray(isUnsigned: true, isBigEndian: true);
        int borrow = 0, any = 0;
        for (int i = KeySizeInBytes - 1; i >= 0; i--)
        {
            borrow = (key[i] - n[i] - borrow) >> 31 & 1;
            any |= key[i];
        }
        return (borrow & (-any >> 31)) != 0;
    }
}
