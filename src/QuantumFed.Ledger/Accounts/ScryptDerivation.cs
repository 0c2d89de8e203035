using System.Numerics;
using System.Text.Json;

namespace QuantumFed.Ledger;

/// <summary>scrypt (RFC 7914). Its cost is bounded, so that a hostile keystore neither fills the memory nor computes for minutes.</summary>
public sealed class ScryptDerivation : KeyDerivation
{
    /// <summary>The most memory, in bytes: n = 2^20 with r = 8 fits.</summary>
    public const long MaxMemoryInBytes = 1_100_000_000;

    /// <summary>The greatest n * r * p: 8 times geth's standard, about 4 seconds.</summary>
    public const long MaxWork = 1L << 24;

    /// <summary>Takes the parameters.</summary>
    /// <exception cref="ArgumentException">N is no power of two above 1, r or p is not positive, or they cost more than is allowed.</exception>
    public ScryptDerivation(long n, long r, long p, ReadOnlyMemory<byte> salt)
        : base(salt)
    {
        if (Fault(n, r, p) is { } fault)
            throw new ArgumentException(fault);
        (N, R, P) = ((int)n, (int)r, (int)p);
    }

    /// <summary>The cost, a power of two.</summary>
    public int N { get; }

    /// <summary>The block size, in 128 bytes.</summary>
    public int R { get; }

    /// <summary>The parallelisation.</summary>
    public int P { get; }

    /// <inheritdoc/>
    public override string Name => "scrypt";

    /// <summary>What is wrong with the parameters; null if nothing is.</summary>
    internal static string? Fault(long n, long r, long p)
    {
        if (n is < 2 or > int.MaxValue || !BitOperations.IsPow2(n))
            return $"n = {n} is not a power of two from 2 to 2^30";
        if (r < 1 || p < 1)
            return $"r = {r} and p = {p} are not both positive";
        // From left to right each product is bounded before the next is taken: none overflows.
        return r > MaxWork || p > MaxWork || n * r > MaxWork || n * r * p > MaxWork || 128 * r * (n + p) > MaxMemoryInBytes
            ? $"n = {n}, r = {r}, p = {p} cost more than {MaxMemoryInBytes / 1_000_000} MB of memory or n * r * p = {MaxWork}"
            : null;
    }

    internal override void Derive(ReadOnlySpan<byte> password, Span<byte> key)
    {
        if (OpenSslScrypt.Takes(N, R))
            OpenSslScrypt.Derive(password, Salt.Span, N, R, P, key);
        else
            OneBlockScrypt.Derive(password, Salt.Span, N, P, key);
    }

    internal override void WriteCost(Utf8JsonWriter json)
    {
        json.WriteNumber("n", N);
        json.WriteNumber("r", R);
        json.WriteNumber("p", P);
    }
}
