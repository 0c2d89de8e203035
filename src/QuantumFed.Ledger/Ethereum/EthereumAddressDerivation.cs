using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>How addresses come about (Yellow Paper, section 7): what <see cref="EthereumAddress"/>, which only names an account, need not know.</summary>
public static class EthereumAddressDerivation
{
    extension(EthereumAddress)
    {
        /// <summary>The address of an uncompressed public key, given as x then y, 64 bytes.</summary>
        /// <exception cref="ArgumentException"><paramref name="publicKey"/> is not 64 bytes long.</exception>
        public static EthereumAddress OfPublicKey(ReadOnlySpan<byte> publicKey)
        {
            if (publicKey.Length != 64)
                throw new ArgumentException("An uncompressed public key without its prefix has 64 bytes.", nameof(publicKey));
            Span<byte> hash = stackalloc byte[Keccak256.SizeInBytes];
            Keccak256.HashData(publicKey, hash);
            return new EthereumAddress(hash[12..]);
        }

        /// <summary>The address of the contract that <paramref name="creator"/> creates (CREATE) by its transaction of that nonce.</summary>
        public static EthereumAddress OfContract(EthereumAddress creator, ulong nonce)
        {
            byte[] encoded = RlpItem.List(RlpItem.Of(creator.ToArray()), RlpItem.Of(nonce)).Encode();
            return new EthereumAddress(Keccak256.HashData(encoded).AsSpan(12));
        }
    }
}
