namespace QuantumFed.Qkd;

/// <summary>What a block cost and brought, in bits.</summary>
/// <param name="Accepted">Whether the block's key is used; otherwise nothing of it is.</param>
/// <param name="Consumed">Taken from the reserve for the block's tags.</param>
/// <param name="Produced">The block's key, in whole bytes.</param>
/// <param name="Returned">What of it went to the reserve.</param>
/// <param name="Delivered">What of it the link's users get.</param>
public readonly record struct BlockSettlement(bool Accepted, int Consumed, int Produced, int Returned, int Delivered)
{
    /// <summary>What the block gained: may be negative for one that was not accepted.</summary>
    public int NetGain => (Accepted ? Produced : 0) - Consumed;
}
