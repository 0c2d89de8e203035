using System.Numerics;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>An ECDSA signature over secp256k1 as Ethereum carries it: r, s and whether the y of the point that gave r is odd.</summary>
public readonly record struct EcdsaSignature(BigInteger R, BigInteger S, bool IsOdd)
{
    /// <summary>Whether 0 &lt; r &lt; n and 0 &lt; s &lt;= (n - 1) / 2 (EIP-2): of the two signatures that differ in the sign of s, one.</summary>
    public bool IsCanonical => R.Sign > 0 && R < Secp256k1.Order && S.Sign > 0 && S <= Secp256k1.HalfOrder;

    /// <summary>The account that signed a 32-byte hash; <see langword="false"/> if the signature is not canonical or fits no account.</summary>
    /// <exception cref="ArgumentException"><paramref name="hash"/> is not 32 bytes long.</exception>
    public bool TryRecover(ReadOnlySpan<byte> hash, out EthereumAddress signer)
    {
        if (hash.Length != 32)
            throw new ArgumentException("A hash has 32 bytes.", nameof(hash));
        Span<byte> publicKey = stackalloc byte[64];
        signer = default;
        if (!Secp256k1.TryRecover(hash, this, publicKey))
            return false;
        signer = EthereumAddress.OfPublicKey(publicKey);
        return true;
    }
}
