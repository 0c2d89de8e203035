namespace QuantumFed.Qkd;

/// <summary>Both directions' transcripts of one block, with keys taken from a <see cref="KeyLedger"/>, which settles or abandons the block.</summary>
public sealed class BlockAuthentication : IDisposable
{
    /// <summary>The secret bits that a block's two tags use up.</summary>
    public const int KeyCostInBits = 2 * TranscriptAuthenticator.KeyCostInBits;

    internal const int KeySizeInBytes = KeyCostInBits / 8;

    internal BlockAuthentication(ReadOnlySpan<byte> key64, ulong block)
    {
        Block = block;
        FromReference = new TranscriptAuthenticator(key64[..TranscriptAuthenticator.KeySizeInBytes], block, LinkDirection.FromReference);
        FromCorrected = new TranscriptAuthenticator(key64[TranscriptAuthenticator.KeySizeInBytes..], block, LinkDirection.FromCorrected);
    }

    /// <summary>The block's number on the link, from 0.</summary>
    public ulong Block { get; }

    /// <summary>What the end with the reference key sends.</summary>
    public TranscriptAuthenticator FromReference { get; }

    /// <summary>What the end with the corrected key sends.</summary>
    public TranscriptAuthenticator FromCorrected { get; }

    /// <summary>Erases the keys.</summary>
    public void Dispose()
    {
        FromReference.Dispose();
        FromCorrected.Dispose();
    }
}
