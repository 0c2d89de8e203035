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
        return new LedgerAccount(key.ExportParameters(includePrivateParameters: true).D!);
    }

    /// <summary>The account of a private key.</summary>
    /// <exception cref="ArgumentException"><paramref name="key"/> is not 32 bytes, big-endian, from 1 to n - 1.</exception>
    public static LedgerAccount Import(ReadOnlySpan<byte> key) =>
        IsKey(key) ? new LedgerAccount(key.ToArray()) : throw new ArgumentException("A private key is 32 bytes, from 1 to n - 1.", nameof(key));

    /// <summary>A new account whose key is stored in a new file that only its owner may read, on disk before this returns.</summary>
    /// <exception cref="IOException">The file exists, or could not be written.</exception>
    public static LedgerAccount CreateFile(string path)
    {
        LedgerAccount account = Generate();
        try
        {
            FileStreamOptions options = new()
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using FileStream file = new(path, options);
            file.Write(account._key);
            file.Flush(flushToDisk: true);
            return account;
        }
        catch
        {
            account.Dispose();
            throw;
        }
    }

    /// <summary>The account whose key stands in a file made by <see cref="CreateFile"/>.</summary>
    /// <exception cref="InvalidDataException">The file is no key, or others than its owner may read or write it.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static LedgerAccount LoadFile(string path)
    {
        using FileStream file = new(path, new FileStreamOptions { BufferSize = 0 });
        if (!OperatingSystem.IsWindows()
            && (File.GetUnixFileMode(file.SafeFileHandle) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
            throw new InvalidDataException($"The key file {path} must have mode 0600: others may read or change it.");
        byte[] key = new byte[KeySizeInBytes + 1];
        try
        {
            int length = file.ReadAtLeast(key, key.Length, throwOnEndOfStream: false);
            return length == KeySizeInBytes && IsKey(key.AsSpan(0, length))
                ? new LedgerAccount(key.AsSpan(0, length).ToArray())
                : throw new InvalidDataException($"{path} does not hold a private key of {KeySizeInBytes} bytes.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
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
