using System.Security.Cryptography;
using System.Text.Json;

namespace QuantumFed.Ledger;

/// <summary>PBKDF2 with HMAC-SHA-256 (RFC 8018).</summary>
public sealed class Pbkdf2Derivation : KeyDerivation
{
    /// <summary>The most iterations, so that a hostile keystore computes for seconds at most.</summary>
    public const int MaxIterations = 10_000_000;

    /// <summary>The only pseudo-random function of the format.</summary>
    public const string PseudoRandomFunction = "hmac-sha256";

    /// <summary>Takes the parameters.</summary>
    /// <exception cref="ArgumentException">The iterations are not 1 to <see cref="MaxIterations"/>.</exception>
    public Pbkdf2Derivation(long iterations, ReadOnlyMemory<byte> salt)
        : base(salt)
    {
        if (iterations is < 1 or > MaxIterations)
            throw new ArgumentException($"c = {iterations} is not 1 to {MaxIterations}.", nameof(iterations));
        Iterations = (int)iterations;
    }

    /// <summary>The iterations.</summary>
    public int Iterations { get; }

    /// <inheritdoc/>
    public override string Name => "pbkdf2";

    internal override void Derive(ReadOnlySpan<byte> password, Span<byte> key) =>
        Rfc2898DeriveBytes.Pbkdf2(password, Salt.Span, key, Iterations, HashAlgorithmName.SHA256);

    internal override void WriteCost(Utf8JsonWriter json)
    {
        json.WriteNumber("c", Iterations);
        json.WriteString("prf", PseudoRandomFunction);
    }
}
