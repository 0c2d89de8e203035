namespace QuantumFed.Ledger.Tests;

/// <summary>QBFT headers made up for tests.</summary>
internal static class QbftBlocks
{
    /// <summary>A header's 15 fields up to London's.</summary>
    public static byte[][] Fields(QbftExtraData extraData) =>
    [
        new byte[32], new byte[32], new byte[20], new byte[32], new byte[32], new byte[32], new byte[256], [1], [7], [9], [], [77], extraData.Encode(), new byte[32], new byte[8],
    ];

    public static byte[] Encode(byte[][] fields) => RlpItem.List([.. fields.Select(field => RlpItem.Of(field))]).Encode();

    public static QbftHeader Header(QbftExtraData extraData) =>
        QbftHeader.TryParse(Encode(Fields(extraData)), out QbftHeader? header) ? header : throw new InvalidOperationException("The header does not parse.");

    /// <summary>A header in a round, sealed by the accounts.</summary>
    public static QbftHeader Sealed(QbftExtraData extraData, uint round, params LedgerAccount[] signers)
    {
        byte[] hash = Header(extraData.With(null, round)).CommittedSealHash.ToArray();
        return Header(extraData.With(null, round, [.. signers.Select(signer => signer.SignHash(hash))]));
    }
}
