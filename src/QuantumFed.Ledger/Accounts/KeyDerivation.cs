using System.Security.Cryptography;
using System.Text.Json;

namespace QuantumFed.Ledger;

/// <summary>How a keystore's key comes from its password: a function, its cost and its salt (Web3 Secret Storage Definition, version 3).</summary>
public abstract class KeyDerivation
{
    /// <summary>The length of a derived key in bytes: 16 encrypt, 16 authenticate.</summary>
    public const int KeySizeInBytes = 32;

    /// <summary>The longest salt read, in bytes.</summary>
    public const int MaxSaltSizeInBytes = 1024;

    private const int NewSaltSizeInBytes = 32;

    private protected KeyDerivation(ReadOnlyMemory<byte> salt)
    {
        if (salt.Length > MaxSaltSizeInBytes)
            throw new ArgumentException($"A salt has at most {MaxSaltSizeInBytes} bytes, not {salt.Length}.", nameof(salt));
        Salt = salt.ToArray();
    }

    /// <summary>The salt, 0 to <see cref="MaxSaltSizeInBytes"/> bytes.</summary>
    public ReadOnlyMemory<byte> Salt { get; }

    /// <summary>The format's name of the function.</summary>
    public abstract string Name { get; }

    /// <summary>For a password that somebody thought of: scrypt at geth's standard cost (256 MiB, about half a second), with a new salt.</summary>
    public static KeyDerivation ForChosenPassword() => new ScryptDerivation(1 << 18, 8, 1, RandomNumberGenerator.GetBytes(NewSaltSizeInBytes));

    /// <summary>
    /// For a password of 256 random bits, with a new salt: PBKDF2 with few iterations. Iterations make guessing dearer by their number,
    /// and 2^256 guesses need no help.
    /// </summary>
    public static KeyDerivation ForRandomPassword() => new Pbkdf2Derivation(4096, RandomNumberGenerator.GetBytes(NewSaltSizeInBytes));

    internal abstract void Derive(ReadOnlySpan<byte> password, Span<byte> key);

    /// <summary>Writes the members of <c>kdfparams</c> but <c>dklen</c> and <c>salt</c>.</summary>
    internal abstract void WriteCost(Utf8JsonWriter json);
}
