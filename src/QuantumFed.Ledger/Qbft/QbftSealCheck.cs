using System.Collections.Immutable;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// Who sealed a block, held against validators that are known from elsewhere: what the block says about its validators is not believed.
/// Immutable.
/// </summary>
/// <remarks>
/// A network that lost more than a third of its validators' keys can be made to seal anything, and secp256k1 does not withstand a
/// quantum computer; neither shows here.
/// </remarks>
public sealed class QbftSealCheck
{
    private QbftSealCheck(ImmutableArray<EthereumAddress> signers, int foreignSeals, int required)
    {
        Signers = signers;
        ForeignSeals = foreignSeals;
        Required = required;
    }

    /// <summary>The pinned validators that sealed the block, ascending, each once.</summary>
    public ImmutableArray<EthereumAddress> Signers { get; }

    /// <summary>Seals that no pinned validator made over this block.</summary>
    public int ForeignSeals { get; }

    /// <summary>The distinct pinned validators that a block needs: ceil(2N/3).</summary>
    public int Required { get; }

    /// <summary>Whether enough pinned validators sealed the block. Never so for a genesis block, which has no seals, or without validators.</summary>
    public bool HasQuorum => Required > 0 && Signers.Length >= Required;

    /// <summary>Recovers the signers of a block's seals; takes time in proportion to the seals, of which <see cref="QbftExtraData"/> bounds the number.</summary>
    public static QbftSealCheck Of(QbftHeader header, QbftValidators pinned)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(pinned);
        byte[] hash = header.CommittedSealHash.ToArray();
        SortedSet<EthereumAddress> signers = [];
        int foreign = 0;
        foreach (EcdsaSignature seal in header.ExtraData.Seals)
        {
            if (LowS(seal).TryRecover(hash, out EthereumAddress signer) && pinned.Contains(signer))
                _ = signers.Add(signer);
            else
                foreign++;
        }
        return new QbftSealCheck([.. signers], foreign, pinned.Quorum);
    }

    // Validators make the low s, but accept both: a proposer who flips others' seals must not make a valid block look unsealed.
    private static EcdsaSignature LowS(EcdsaSignature seal) =>
        seal.S > Secp256k1.HalfOrder && seal.S < Secp256k1.Order ? new EcdsaSignature(seal.R, Secp256k1.Order - seal.S, !seal.IsOdd) : seal;
}
